/* Makes a table from the rows that copy_table.py gives, each looked at, so that no row can reach what is not there. */

#include "table.h"

/* A row: kind, node, ((node, key or member), …), ((result, key or None), …), table of items or None.

   All types are exact: a subclass may say another length than it has, or run code when it is asked for a number. */
#define ROW_SIZE 5

static int
hold(Table *table, PyObject *one)
{
    return PyList_Append(table->held, one);
}

static int
out_of_range(void)
{
    PyErr_SetString(PyExc_ValueError, "a kind, a node, a key or a result that the table does not have");
    return -1;
}

static int
is_tuple(PyObject *value, Py_ssize_t size, const char *expected)
{
    if (PyTuple_CheckExact(value) && (size < 0 || PyTuple_GET_SIZE(value) == size))
        return 1;
    PyErr_Format(PyExc_TypeError, "expected %s, found %R", expected, Py_TYPE(value));
    return 0;
}

/* Reads an index below a bound. */
static int
read_index(PyObject *value, Py_ssize_t bound, int *number)
{
    if (!PyLong_CheckExact(value)) {
        PyErr_Format(PyExc_TypeError, "expected an int, found %R", Py_TYPE(value));
        return -1;
    }
    int overflow;
    long read = PyLong_AsLongAndOverflow(value, &overflow);
    if (overflow != 0 || read < 0 || read >= bound)
        return out_of_range();
    *number = (int)read;
    return 0;
}

static int
read_pair(Table *table, PyObject *pair, Py_ssize_t bound, int *number, PyObject **key)
{
    if (!is_tuple(pair, 2, "a source or a place as a tuple of a number and a key"))
        return -1;
    if (read_index(PyTuple_GET_ITEM(pair, 0), bound, number) < 0)
        return -1;
    *key = PyTuple_GET_ITEM(pair, 1);
    return hold(table, *key);
}

static int
read_source(Table *table, PyObject *pair, Source *source)
{
    if (read_pair(table, pair, PyTuple_GET_SIZE(table->nodes), &source->node, &source->key) < 0)
        return -1;
    PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(table->nodes, source->node);
    if (type == &PyDict_Type)
        return PyUnicode_CheckExact(source->key) ? 0 : out_of_range();
    if (Py_TYPE(source->key) != &PyMemberDescr_Type || PyDescr_TYPE(source->key) != type)
        return out_of_range();
    const PyMemberDef *member = ((PyMemberDescrObject *)source->key)->d_member;
    source->offset = (int)member->offset;
    return source->offset > 0 && source->offset == member->offset && (member->type == T_OBJECT_EX || member->type == T_OBJECT) ? 0 : out_of_range();
}

static int
read_place(Table *table, PyObject *pair, Place *place)
{
    if (read_pair(table, pair, PyTuple_GET_SIZE(table->results), &place->result, &place->key) < 0)
        return -1;
    int is_dict = PyDict_CheckExact(PyTuple_GET_ITEM(table->results, place->result));
    if (place->key != Py_None)
        return is_dict && PyUnicode_CheckExact(place->key) ? 0 : out_of_range();
    place->key = NULL;
    return is_dict ? out_of_range() : 0;
}

static int
read_items(Table *table, PyObject *value)
{
    Table *items = (Table *)value;
    if (Py_TYPE(value) != Py_TYPE(table) || !IS_OF_ITEMS(items) || PyTuple_GET_SIZE(items->results) != 1)
        return out_of_range();
    if (items->levels >= MOST_LEVELS) {
        PyErr_Format(PyExc_ValueError, "expected at most %d tables of items in each other", MOST_LEVELS);
        return -1;
    }
    if (table->levels <= items->levels)
        table->levels = items->levels + 1;
    return hold(table, value);
}

static int
read_row(Table *table, PyObject *row, Step *step, Source *source, Place *place)
{
    PyObject *from = PyTuple_GET_ITEM(row, 2), *to = PyTuple_GET_ITEM(row, 3), *items = PyTuple_GET_ITEM(row, 4);
    if (read_index(PyTuple_GET_ITEM(row, 0), KINDS, &step->kind) < 0)
        return -1;
    if (read_index(PyTuple_GET_ITEM(row, 1), PyTuple_GET_SIZE(table->nodes), &step->node) < 0)
        return -1;
    /* The event itself is never replaced; and only an object to read from has a number, and goes nowhere else. */
    if ((step->kind == INSIDE) != (step->node > 0) || (step->kind == INSIDE && PyTuple_GET_SIZE(to) != 0))
        return out_of_range();
    if (step->kind == ITEMS) {
        if (read_items(table, items) < 0)
            return -1;
        step->items = (Table *)items;
    }
    else if (items != Py_None)
        return out_of_range();
    step->from = step->from_end = source;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(from); i++)
        if (read_source(table, PyTuple_GET_ITEM(from, i), step->from_end++) < 0)
            return -1;
    step->to = step->to_end = place;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(to); i++)
        if (read_place(table, PyTuple_GET_ITEM(to, i), step->to_end++) < 0)
            return -1;
    return 0;
}

static int
read_rows(Table *table, PyObject *rows)
{
    Py_ssize_t count = PyTuple_GET_SIZE(rows), sources = 0, places = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *row = PyTuple_GET_ITEM(rows, i);
        if (!is_tuple(row, ROW_SIZE, "a row as a tuple of five"))
            return -1;
        if (!is_tuple(PyTuple_GET_ITEM(row, 2), -1, "sources as a tuple"))
            return -1;
        if (!is_tuple(PyTuple_GET_ITEM(row, 3), -1, "places as a tuple"))
            return -1;
        sources += PyTuple_GET_SIZE(PyTuple_GET_ITEM(row, 2));
        places += PyTuple_GET_SIZE(PyTuple_GET_ITEM(row, 3));
    }
    table->steps = table->steps_end = PyMem_Calloc(count + 1, sizeof(Step));
    table->sources = PyMem_Calloc(sources + 1, sizeof(Source));
    table->places = PyMem_Calloc(places + 1, sizeof(Place));
    if (table->steps == NULL || table->sources == NULL || table->places == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Source *source = table->sources;
    Place *place = table->places;
    for (Py_ssize_t i = 0; i < count; i++) {
        Step *step = table->steps + i;
        if (read_row(table, PyTuple_GET_ITEM(rows, i), step, source, place) < 0)
            return -1;
        source = step->from_end;
        place = step->to_end;
        table->steps_end = step + 1;
    }
    return 0;
}

static int
is_text_key(PyObject *key)
{
    if (PyUnicode_CheckExact(key))
        return 1;
    PyErr_Format(PyExc_TypeError, "expected a key of a result as a str, found %R", Py_TYPE(key));
    return 0;
}

static int
has_text_keys(PyObject *result)
{
    PyObject *key;
    for (Py_ssize_t position = 0; PyDict_Next(result, &position, &key, NULL);)
        if (!is_text_key(key))
            return 0;
    return 1;
}

/* Table(plain, missing, nodes, results, required, rows): `nodes` are types, `results` what is in them at first, of which
   dicts are copied, and `required` keys of the first. */
static PyObject *
table_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *plain, *missing, *nodes, *results, *required, *rows;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "a table has no arguments by name");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OOOOOO", &plain, &missing, &nodes, &results, &required, &rows))
        return NULL;
    if (plain != Py_None && !PyCallable_Check(plain))
        return PyErr_Format(PyExc_TypeError, "expected a function or None, found %R", Py_TYPE(plain));
    if (!is_tuple(nodes, -1, "nodes as a tuple") || !is_tuple(results, -1, "results as a tuple") ||
        !is_tuple(required, -1, "required keys as a tuple") || !is_tuple(rows, -1, "rows as a tuple"))
        return NULL;
    if (PyTuple_GET_SIZE(nodes) < 1 || PyTuple_GET_SIZE(nodes) > MOST_NODES)
        return PyErr_Format(PyExc_ValueError, "a table has 1 to %d nodes", MOST_NODES);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(nodes); i++)
        if (!PyType_Check(PyTuple_GET_ITEM(nodes, i)))
            return PyErr_Format(PyExc_TypeError, "a node is a type");
    if (PyTuple_GET_SIZE(results) < 1 || PyTuple_GET_SIZE(results) > MOST_RESULTS)
        return PyErr_Format(PyExc_ValueError, "a table has 1 to %d results", MOST_RESULTS);
    if (!PyDict_CheckExact(PyTuple_GET_ITEM(results, 0)))
        return PyErr_Format(PyExc_TypeError, "the first result is a dict");
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(results); i++)
        if (PyDict_CheckExact(PyTuple_GET_ITEM(results, i)) && !has_text_keys(PyTuple_GET_ITEM(results, i)))
            return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(required); i++)
        if (!is_text_key(PyTuple_GET_ITEM(required, i)))
            return NULL;
    Table *table = (Table *)type->tp_alloc(type, 0);
    if (table == NULL)
        return NULL;
    table->vectorcall = table_call;
    table->plain = Py_NewRef(plain);
    table->missing = Py_NewRef(missing);
    table->nodes = Py_NewRef(nodes);
    table->results = Py_NewRef(results);
    table->required = Py_NewRef(required);
    table->levels = 1;
    table->held = PyList_New(0);
    if (table->held == NULL || read_rows(table, rows) < 0 || make_room(table) < 0) {
        Py_DECREF(table);
        return NULL;
    }
    /* A list could be found and emptied through `gc`. */
    Py_SETREF(table->held, PyList_AsTuple(table->held));
    if (table->held == NULL)
        Py_CLEAR(table);
    return (PyObject *)table;
}

static int
table_traverse(Table *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->plain);
    Py_VISIT(self->missing);
    Py_VISIT(self->results);
    Py_VISIT(self->required);
    Py_VISIT(self->roomy);
    Py_VISIT(self->nodes);
    Py_VISIT(self->held);
    return 0;
}

static int
table_clear(Table *self)
{
    self->steps_end = self->steps; /* whose keys are let go of */
    Py_CLEAR(self->plain);
    Py_CLEAR(self->missing);
    Py_CLEAR(self->results);
    Py_CLEAR(self->required);
    Py_CLEAR(self->roomy);
    Py_CLEAR(self->nodes);
    Py_CLEAR(self->held);
    return 0;
}

static void
table_dealloc(Table *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    table_clear(self);
    PyMem_Free(self->steps);
    PyMem_Free(self->sources);
    PyMem_Free(self->places);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

CALLABLE_TYPE(table, Table, plain, "Copies the usual values of an event; a function answers where one is not usual.");
