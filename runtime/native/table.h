/* A table of copies: what each step reads, what may stand there, and where it goes. */

#ifndef RULEWRIGHT_TABLE_H
#define RULEWRIGHT_TABLE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* What may stand at a path besides null or nothing; the numbers are those of KINDS in copy_table.py. An empty text counts
   as none where a text must be filled. Where it must be visible, the next source is asked, and a text that begins with
   anything but a printed character is odd. */
enum {
    INSIDE,
    FILLED_TEXT,
    FILLED_TEXT_OR_NULL,
    VISIBLE_TEXT,
    VISIBLE_TEXT_OR_NULL,
    TEXT,
    OBJECT,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ANYTHING,
    ITEMS,
    KINDS
};

/* Where a value comes from: a key of a dict, or a member of a view. */
typedef struct {
    int node;
    int offset; /* of the member; 0 for a key of a dict */
    PyObject *key;
} Source;

/* Where a value goes: a key of a result that is a dict, or in place of the result. */
typedef struct {
    int result;
    PyObject *key; /* NULL: in place of it */
} Place;

typedef struct Table Table;

typedef struct {
    int kind;
    int node; /* of INSIDE: the number by which later steps know what is read here */
    Table *items; /* of ITEMS: what makes an object of each */
    Source *from, *from_end;
    Place *to, *to_end;
} Step;

struct Table {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *plain, *missing, *results, *required;
    PyObject *nodes; /* the types of what is read from: dict, or a view */
    PyObject *roomy; /* what the first result is copied from: a dict with room for all its keys; NULL where it needs none */
    PyObject *held; /* a tuple, by which the keys of sources and places and the tables of items are held */
    int levels; /* of tables of items in each other, this one included */
    Step *steps, *steps_end;
    Source *sources;
    Place *places;
};

/* Such a table has no function behind it, and null in an item is odd: some schemas turn it into a value. */
#define IS_OF_ITEMS(table) ((table)->plain == Py_None)

#define MOST_NODES 64
#define MOST_RESULTS 64
#define FEW_KEYS 5   /* of the smallest dict */
#define MOST_ROOM 42 /* keys of a dict of 64 slots, CPython's sixth size */
#define MOST_LEVELS 64 /* each is a call of C within a call */

/* What plain.c counts while it walks a value. */
typedef struct {
    Py_ssize_t longest; /* characters of a string */
    int nested_lists;   /* whether a list may hold a list */
    Py_ssize_t left;    /* so many more values may be looked at */
    Py_ssize_t bytes;   /* so many more bytes may be written, where what the encoder takes is asked too */
} Limits;

/* As in plain.py. */
#define MOST_VALUES 10000000

/* Of copying.c: a call of a table, with one event or the view of one, and with what takes the results as arguments. */
PyObject *table_call(PyObject *table, PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* A type whose objects are called and hold references. `prefix` begins the names of its functions, and `wrapped` is the
   member that answers where the C does not. */
#define CALLABLE_TYPE(prefix, Type, wrapped, doc) \
    static PyMemberDef prefix##_members[] = { \
        {"__vectorcalloffset__", T_PYSSIZET, offsetof(Type, vectorcall), READONLY, NULL}, \
        {"__wrapped__", T_OBJECT_EX, offsetof(Type, wrapped), READONLY, PyDoc_STR("The function that answers to all else.")}, \
        {NULL}, \
    }; \
    static PyType_Slot prefix##_slots[] = { \
        {Py_tp_doc, PyDoc_STR(doc)}, \
        {Py_tp_new, prefix##_new}, \
        {Py_tp_call, PyVectorcall_Call}, \
        {Py_tp_members, prefix##_members}, \
        {Py_tp_traverse, prefix##_traverse}, \
        {Py_tp_clear, prefix##_clear}, \
        {Py_tp_dealloc, prefix##_dealloc}, \
        {0, NULL}, \
    }; \
    PyType_Spec prefix##_spec = { \
        .name = "rulewright.runtime.native._native." #Type, \
        .basicsize = sizeof(Type), \
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE, \
        .slots = prefix##_slots, \
    }

/* Of room.c: the first result of a table, at first and in the end; -1 with an exception. */
int make_room(Table *table);
int drop_placeholder(const Table *table, PyObject *result);

/* Of table.c, and of a destination's own folder. */
extern PyType_Spec table_spec, usual_request_spec;

/* Of times.c; `read_iso_time` gives 0 for a time in another form. */
int read_iso_time(PyObject *value, long long *milliseconds);
PyObject *iso_milliseconds(PyObject *module, PyObject *value);

/* Of values.c; the last two are the questions of `has_only` and `surely_has_ids`, with an exception where one is raised. */
PyObject *has_only(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *add_missing(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *holds_false(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *surely_has_ids(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
int dict_has_only(PyObject *dict, PyObject *names);
int has_usual_ids(PyObject *dict, PyObject *names, Py_ssize_t shortest);

/* Of forms.c. */
PyObject *ascii_form(PyObject *module, PyObject *fields);

/* Of plain.c; `is_written` is the question of `surely_fits` about one of several values. */
int is_written(PyObject *value, Limits *limits, Py_ssize_t levels);
PyObject *is_json(PyObject *module, PyObject *value);
PyObject *is_plain(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *surely_fits(PyObject *module, PyObject *const *args, Py_ssize_t count);

#endif
