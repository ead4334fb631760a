/* Makes a table from the rows that copies.py gives, each looked at, so that no row can reach what is not there. */

#include "table.h"

/* A row: kind, node, ((node, key or member), …), ((result, key or None), …), table of items or None. */
#define ROW "hhO!O!O;a row is a kind, a node, sources, places and perhaps a table"

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
read_pair(Table *table, PyObject *pair, int *number, PyObject **key, Py_hash_t *hash)
{
    if (!PyTuple_Check(pair)) {
        PyErr_SetString(PyExc_TypeError, "a source or a place is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(pair, "iO;a source or a place is a number and a key", number, key))
        return -1;
    *hash = PyUnicode_CheckExact(*key) ? PyObject_Hash(*key) : 0;
    return hold(table, *key);
}

static int
read_source(Table *table, PyObject *pair, Source *source)
{
    if (read_pair(table, pair, &source->node, &source->key, &source->hash) < 0)
        return -1;
    if (source->node < 0 || source->node >= PyTuple_GET_SIZE(table->nodes))
        return out_of_range();
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
    if (read_pair(table, pair, &place->result, &place->key, &place->hash) < 0)
        return -1;
    if (place->result < 0 || place->result >= PyTuple_GET_SIZE(table->results))
        return out_of_range();
    int is_dict = PyDict_CheckExact(PyTuple_GET_ITEM(table->results, place->result));
    if (place->key != Py_None)
        return is_dict && PyUnicode_CheckExact(place->key) ? 0 : out_of_range();
    place->key = NULL;
    return is_dict ? out_of_range() : 0;
}

static int
read_row(Table *table, PyObject *row, Step *step, Source *source, Place *place)
{
    PyObject *from, *to, *items;
    if (!PyArg_ParseTuple(row, ROW, &step->kind, &step->node, &PyTuple_Type, &from, &PyTuple_Type, &to, &items))
        return -1;
    if (step->kind < 0 || step->kind >= KINDS || step->node < 0 || step->node >= PyTuple_GET_SIZE(table->nodes))
        return out_of_range();
    if (step->kind == ITEMS) {
        step->items = (Table *)items;
        if (Py_TYPE(items) != Py_TYPE(table) || !IS_OF_ITEMS(step->items) || PyTuple_GET_SIZE(step->items->results) != 1)
            return out_of_range();
        if (hold(table, items) < 0)
            return -1;
    }
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
        if (!PyTuple_Check(row) || PyTuple_GET_SIZE(row) != 5) {
            PyErr_SetString(PyExc_TypeError, "a row is a tuple of five");
            return -1;
        }
        sources += PyObject_Length(PyTuple_GET_ITEM(row, 2));
        places += PyObject_Length(PyTuple_GET_ITEM(row, 3));
        if (PyErr_Occurred())
            return -1;
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
    if (!PyArg_ParseTuple(args, "OOO!O!O!O!", &plain, &missing, &PyTuple_Type, &nodes, &PyTuple_Type, &results,
                          &PyTuple_Type, &required, &PyTuple_Type, &rows))
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
    Table *table = (Table *)type->tp_alloc(type, 0);
    if (table == NULL)
        return NULL;
    table->vectorcall = table_call;
    table->plain = Py_NewRef(plain);
    table->missing = Py_NewRef(missing);
    table->nodes = Py_NewRef(nodes);
    table->results = Py_NewRef(results);
    table->required = Py_NewRef(required);
    table->held = PyList_New(0);
    table->sizes = PyMem_Calloc(PyTuple_GET_SIZE(results), sizeof(Py_ssize_t));
    if (table->sizes == NULL)
        PyErr_NoMemory();
    if (table->held == NULL || table->sizes == NULL || read_rows(table, rows) < 0) {
        Py_DECREF(table);
        return NULL;
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
    Py_VISIT(self->required);
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
