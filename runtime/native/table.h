/* A table of copies: what each step reads, what may stand there, and where it goes. */

#ifndef RULEWRIGHT_TABLE_H
#define RULEWRIGHT_TABLE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* What may stand at a path besides null or nothing; the numbers are those of KINDS in copies.py. An empty text counts as
   none where a text must be filled. */
enum { INSIDE, FILLED_TEXT, FILLED_TEXT_OR_NULL, TEXT, OBJECT, NUMBER, INTEGER, BOOLEAN, ANYTHING, KINDS };

/* Where a value comes from: a key of a dict, or a member of a view. */
typedef struct {
    Py_ssize_t node;
    PyObject *key;
    PyTypeObject *view; /* NULL for a key of a dict */
    Py_ssize_t offset;
} Source;

/* Where a value goes: a key of a result that is a dict, or in place of the result. */
typedef struct {
    Py_ssize_t result;
    PyObject *key; /* NULL: in place of it */
} Place;

typedef struct {
    int kind;
    Py_ssize_t node; /* of INSIDE: the number by which later steps know what is read here */
    Source *from, *from_end;
    Place *to, *to_end;
} Step;

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *plain, *missing, *results;
    Py_ssize_t *sizes; /* of the dicts among the results, once all steps have put something in */
    PyObject *keys; /* a list, by which the keys of sources and places are held */
    Py_ssize_t nodes;
    Step *steps, *steps_end;
    Source *sources;
    Place *places;
} Table;

#define MOST_NODES 64

/* Of copying.c: a call of a table, with one event or the view of one. */
PyObject *table_call(PyObject *table, PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* Of table.c. */
extern PyType_Spec table_spec;

/* Of times.c. */
PyObject *iso_milliseconds(PyObject *module, PyObject *value);

#endif
