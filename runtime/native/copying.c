/* Runs a table: copies the usual values of an event, and leaves an event with any other to the function behind it.

   So nothing is decided here: what is odd is answered in Python, where all is answered. Author's text is never more than
   a key, and an event is only ever asked what stands at one. */

#include "table.h"

/* The value at a source, borrowed; NULL for none. Sets `odd` where the table does not know what it reads from. */
static inline PyObject *
read_source(const Source *source, PyObject *node, int *odd)
{
    if (source->view == NULL) {
        if (PyDict_CheckExact(node))
            return PyDict_GetItemWithError(node, source->key);
    }
    else if (Py_TYPE(node) == source->view)
        return *(PyObject **)((char *)node + source->offset);
    *odd = 1;
    return NULL;
}

static inline int
is_usual(int kind, PyObject *value)
{
    switch (kind) {
    case FILLED_TEXT:
    case FILLED_TEXT_OR_NULL:
    case TEXT:
        return PyUnicode_CheckExact(value);
    case OBJECT:
        return PyDict_CheckExact(value);
    case NUMBER:
        return PyLong_CheckExact(value) || (PyFloat_CheckExact(value) && Py_IS_FINITE(PyFloat_AS_DOUBLE(value)));
    case INTEGER:
        return PyLong_CheckExact(value);
    case BOOLEAN:
        return PyBool_Check(value);
    default:
        return 1;
    }
}

/* Whether a usual value counts as none. */
static inline int
is_left_out(int kind, PyObject *value)
{
    if (value == Py_None)
        return kind != FILLED_TEXT_OR_NULL;
    return (kind == FILLED_TEXT || kind == FILLED_TEXT_OR_NULL) && PyUnicode_GET_LENGTH(value) == 0;
}

/* An empty dict, with room where CPython can be asked for it: so it does not grow, and is laid out anew, as it fills. */
static inline PyObject *
dict_for(Py_ssize_t size)
{
#if PY_VERSION_HEX < 0x030D0000
    if (size > 5)
        return _PyDict_NewPresized(size);
#endif
    return PyDict_New();
}

static PyObject *
new_results(const Table *table)
{
    Py_ssize_t count = PyTuple_GET_SIZE(table->results);
    PyObject *results = PyTuple_New(count);
    for (Py_ssize_t i = 0; results != NULL && i < count; i++) {
        PyObject *one = PyTuple_GET_ITEM(table->results, i);
        if (one == Py_None)
            Py_INCREF(one);
        else if ((one = PyDict_GET_SIZE(one) == 0 ? dict_for(table->sizes[i]) : PyDict_Copy(one)) == NULL) {
            Py_CLEAR(results);
            break;
        }
        PyTuple_SET_ITEM(results, i, one);
    }
    return results;
}

static int
put(const Step *step, PyObject *results, PyObject *value)
{
    for (const Place *place = step->to; place < step->to_end; place++) {
        PyObject *result = PyTuple_GET_ITEM(results, place->result);
        if (place->key != NULL) {
            if (PyDict_SetItem(result, place->key, value) < 0)
                return -1;
            continue;
        }
        PyTuple_SET_ITEM(results, place->result, Py_NewRef(value));
        Py_DECREF(result);
    }
    return 0;
}

/* 1: all steps are done; 0: something is odd; -1: an exception. `nodes` holds references, first to the event. */
static int
run_steps(Table *table, PyObject **nodes, PyObject *results)
{
    for (const Step *step = table->steps; step < table->steps_end; step++) {
        PyObject *value = NULL;
        int odd = 0;
        /* The first source that is neither missing nor null; else the last. */
        for (const Source *source = step->from; source < step->from_end; source++) {
            PyObject *node = nodes[source->node];
            value = node == NULL ? NULL : read_source(source, node, &odd);
            if (value == table->missing)
                value = NULL;
            if (odd || (value != NULL && value != Py_None))
                break;
        }
        if (odd)
            return 0;
        if (value == NULL) {
            if (PyErr_Occurred())
                return -1;
            continue;
        }
        if (value != Py_None && !is_usual(step->kind, value))
            return 0;
        if (is_left_out(step->kind, value))
            continue;
        Py_INCREF(value);
        if (step->kind == INSIDE) {
            Py_XDECREF(nodes[step->node]);
            nodes[step->node] = value;
            continue;
        }
        int done = put(step, results, value);
        Py_DECREF(value);
        if (done < 0)
            return -1;
    }
    return 1;
}

PyObject *
table_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Table *table = (Table *)self;
    if (PyVectorcall_NARGS(nargsf) != 1 || (kwnames != NULL && PyTuple_GET_SIZE(kwnames) != 0)) {
        PyErr_SetString(PyExc_TypeError, "a table of copies takes one event and nothing else");
        return NULL;
    }
    if (table->plain == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the table is being taken apart");
        return NULL;
    }
    PyObject *nodes[MOST_NODES] = {Py_NewRef(args[0])};
    PyObject *results = new_results(table);
    int done = results == NULL ? -1 : run_steps(table, nodes, results);
    for (Py_ssize_t i = 0; i < table->nodes; i++)
        Py_XDECREF(nodes[i]);
    if (done == 1)
        return results;
    Py_XDECREF(results);
    return done < 0 ? NULL : PyObject_CallOneArg(table->plain, args[0]);
}
