/* Makes a table from the rows that copies.py gives, each looked at, so that no row can reach what is not there. */

#include "table.h"

/* A row: kind, node, ((node, key or member), …), ((result, key or None), …). */
#define ROW "inO!O!;a row is a kind, a node, sources and places"

static int
read_pair(Table *table, PyObject *pair, Py_ssize_t *number, PyObject **key)
{
    if (!PyTuple_Check(pair)) {
        PyErr_SetString(PyExc_TypeError, "a source or a place is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(pair, "nO;a source or a place is a number and a key", number, key))
        return -1;
    return PyList_Append(table->keys, *key);
}

static int
read_row(Table *table, PyObject *row, Step *step, Source *source, Place *place)
{
    PyObject *from, *to;
    if (!PyTuple_Check(row)) {
        PyErr_SetString(PyExc_TypeError, "a row is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(row, ROW, &step->kind, &step->node, &PyTuple_Type, &from, &PyTuple_Type, &to))
        return -1;
    if (step->kind < 0 || step->kind >= KINDS || step->node < 0 || step->node >= table->nodes)
        goto out_of_range;
    step->from = source;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(from); i++, source++) {
        if (read_pair(table, PyTuple_GET_ITEM(from, i), &source->node, &source->key) < 0)
            return -1;
        if (source->node < 0 || source->node >= table->nodes)
            goto out_of_range;
        if (Py_TYPE(source->key) == &PyMemberDescr_Type) {
            const PyMemberDef *member = ((PyMemberDescrObject *)source->key)->d_member;
            if (member->type != T_OBJECT_EX && member->type != T_OBJECT)
                goto out_of_range;
            source->view = PyDescr_TYPE(source->key);
            source->offset = member->offset;
        }
        else if (!PyUnicode_CheckExact(source->key))
            goto out_of_range;
    }
    step->from_end = source;
    step->to = place;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(to); i++, place++) {
        if (read_pair(table, PyTuple_GET_ITEM(to, i), &place->result, &place->key) < 0)
            return -1;
        if (place->result < 0 || place->result >= PyTuple_GET_SIZE(table->results))
            goto out_of_range;
        if (place->key == Py_None)
            place->key = NULL;
        else if (!PyUnicode_CheckExact(place->key) ||
                 !PyDict_CheckExact(PyTuple_GET_ITEM(table->results, place->result)))
            goto out_of_range;
        table->sizes[place->result]++;
    }
    step->to_end = place;
    return 0;
out_of_range:
    PyErr_SetString(PyExc_ValueError, "a kind, a node, a key or a result that the table does not have");
    return -1;
}

/* Table(plain, missing, nodes, results, rows): `results` are dicts to copy, or None for a value or nothing. */
static PyObject *
table_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *plain, *missing, *results, *rows;
    Py_ssize_t nodes;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "a table has no arguments by name");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OOnO!O!", &plain, &missing, &nodes, &PyTuple_Type, &results, &PyTuple_Type, &rows))
        return NULL;
    if (nodes < 1 || nodes > MOST_NODES)
        return PyErr_Format(PyExc_ValueError, "a table has 1 to %d nodes", MOST_NODES);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(results); i++) {
        PyObject *one = PyTuple_GET_ITEM(results, i);
        if (one != Py_None && !PyDict_CheckExact(one))
            return PyErr_Format(PyExc_TypeError, "a result is a dict or None");
    }
    Py_ssize_t count = PyTuple_GET_SIZE(rows), sources = 0, places = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *row = PyTuple_GET_ITEM(rows, i);
        if (!PyTuple_Check(row) || PyTuple_GET_SIZE(row) != 4)
            return PyErr_Format(PyExc_TypeError, "a row is a tuple of four");
        sources += PyObject_Length(PyTuple_GET_ITEM(row, 2));
        places += PyObject_Length(PyTuple_GET_ITEM(row, 3));
        if (PyErr_Occurred())
            return NULL;
    }
    Table *table = (Table *)type->tp_alloc(type, 0);
    if (table == NULL)
        return NULL;
    table->vectorcall = table_call;
    table->plain = Py_NewRef(plain);
    table->missing = Py_NewRef(missing);
    table->results = Py_NewRef(results);
    table->keys = PyList_New(0);
    table->nodes = nodes;
    table->sizes = PyMem_Calloc(PyTuple_GET_SIZE(results) + 1, sizeof(Py_ssize_t));
    table->steps = table->steps_end = PyMem_Calloc(count + 1, sizeof(Step));
    table->sources = PyMem_Calloc(sources + 1, sizeof(Source));
    table->places = PyMem_Calloc(places + 1, sizeof(Place));
    if (table->keys == NULL || table->sizes == NULL || table->steps == NULL || table->sources == NULL ||
        table->places == NULL) {
        Py_DECREF(table);
        return PyErr_NoMemory();
    }
    Source *source = table->sources;
    Place *place = table->places;
    for (Py_ssize_t i = 0; i < count; i++) {
        Step *step = table->steps + i;
        if (read_row(table, PyTuple_GET_ITEM(rows, i), step, source, place) < 0) {
            Py_DECREF(table);
            return NULL;
        }
        source = step->from_end;
        place = step->to_end;
        table->steps_end = step + 1;
    }
    return (PyObject *)table;
}

static int
table_traverse(Table *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->plain);
    Py_VISIT(self->missing);
    Py_VISIT(self->results);
    Py_VISIT(self->keys);
    return 0;
}

static int
table_clear(Table *self)
{
    self->steps_end = self->steps; /* whose keys are let go of */
    Py_CLEAR(self->plain);
    Py_CLEAR(self->missing);
    Py_CLEAR(self->results);
    Py_CLEAR(self->keys);
    return 0;
}

static void
table_dealloc(Table *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    table_clear(self);
    PyMem_Free(self->sizes);
    PyMem_Free(self->steps);
    PyMem_Free(self->sources);
    PyMem_Free(self->places);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMemberDef table_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Table, vectorcall), READONLY, NULL},
    {"__wrapped__", T_OBJECT_EX, offsetof(Table, plain), READONLY, PyDoc_STR("The function that answers to all else.")},
    {NULL},
};

static PyType_Slot table_slots[] = {
    {Py_tp_doc, PyDoc_STR("Copies the usual values of an event; a function answers where one is not usual.")},
    {Py_tp_new, table_new},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_members, table_members},
    {Py_tp_traverse, table_traverse},
    {Py_tp_clear, table_clear},
    {Py_tp_dealloc, table_dealloc},
    {0, NULL},
};

PyType_Spec table_spec = {
    .name = "rulewright.runtime.native._native.Table",
    .basicsize = sizeof(Table),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = table_slots,
};
