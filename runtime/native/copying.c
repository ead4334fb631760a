/* Runs a table: copies the usual values of an event, and leaves an event with any other to the function behind it.

   So nothing is decided here: what is odd is answered in Python, where all is answered. Author's text is never more than
   a key, and an event is only ever asked what stands at one. */

#include "table.h"

/* What a table has to say of an event. */
typedef enum { FAILED = -1, ODD = 0, DONE = 1 } Said;

static Said run_steps(const Table *table, PyObject *event, PyObject **results);

/* Reads the value at a source, borrowed; NULL for none. */
static inline Said
read_source(const Source *source, PyObject *node, PyObject **value)
{
    if (source->offset != 0)
        *value = *(PyObject **)((char *)node + source->offset);
    else if ((*value = PyDict_GetItemWithError(node, source->key)) == NULL && PyErr_Occurred())
        return FAILED;
    return DONE;
}

static inline int
is_visible_kind(int kind)
{
    return kind == VISIBLE_TEXT || kind == VISIBLE_TEXT_OR_NULL;
}

/* Whether nothing is seen of a printable character: the letters, marks and symbols of runtime/semantics/blank.py. */
static inline int
is_unseen(Py_UCS4 character)
{
    switch (character) {
    case 0x034f:
    case 0x115f:
    case 0x1160:
    case 0x17b4:
    case 0x17b5:
    case 0x180b:
    case 0x180c:
    case 0x180d:
    case 0x180f:
    case 0x2800:
    case 0x3164:
    case 0xffa0:
        return 1;
    default:
        return (0xfe00 <= character && character < 0xfe10) || (0xe0100 <= character && character < 0xe01f0);
    }
}

/* Whether a text is empty, or begins with a character that can be seen. */
static inline int
begins_visibly(PyObject *text)
{
    if (PyUnicode_GET_LENGTH(text) == 0)
        return 1;
    Py_UCS4 first = PyUnicode_READ_CHAR(text, 0);
    return first < 0x7f ? first > ' ' : Py_UNICODE_ISPRINTABLE(first) && !is_unseen(first);
}

static inline int
is_usual(const Table *table, const Step *step, PyObject *value)
{
    switch (step->kind) {
    case INSIDE:
        return Py_TYPE(value) == (PyTypeObject *)PyTuple_GET_ITEM(table->nodes, step->node);
    case FILLED_TEXT:
    case FILLED_TEXT_OR_NULL:
    case TEXT:
        return PyUnicode_CheckExact(value);
    case VISIBLE_TEXT:
    case VISIBLE_TEXT_OR_NULL:
        return PyUnicode_CheckExact(value) && begins_visibly(value);
    case OBJECT:
        return PyDict_CheckExact(value);
    case NUMBER:
        return PyLong_CheckExact(value) || (PyFloat_CheckExact(value) && Py_IS_FINITE(PyFloat_AS_DOUBLE(value)));
    case INTEGER:
        return PyLong_CheckExact(value);
    case BOOLEAN:
        return PyBool_Check(value);
    case ITEMS:
        return PyList_CheckExact(value);
    default:
        return 1;
    }
}

/* Whether a usual value counts as none. */
static inline int
is_left_out(int kind, PyObject *value)
{
    if (value == Py_None)
        return kind != FILLED_TEXT_OR_NULL && kind != VISIBLE_TEXT_OR_NULL;
    return FILLED_TEXT <= kind && kind <= VISIBLE_TEXT_OR_NULL && PyUnicode_GET_LENGTH(value) == 0;
}

static void
let_go(PyObject **results, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++)
        Py_DECREF(results[i]);
}

static int
begin_results(const Table *table, PyObject **results)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(table->results); i++) {
        PyObject *one = i == 0 && table->roomy != NULL ? table->roomy : PyTuple_GET_ITEM(table->results, i);
        if (!PyDict_CheckExact(one))
            Py_INCREF(one);
        else if ((one = PyDict_GET_SIZE(one) == 0 ? PyDict_New() : PyDict_Copy(one)) == NULL) {
            let_go(results, i);
            return -1;
        }
        results[i] = one;
    }
    return 0;
}

/* The results of an event, as new references where it is usual. */
static Said
make_results(const Table *table, PyObject *event, PyObject **results)
{
    Py_ssize_t count = PyTuple_GET_SIZE(table->results);
    if (begin_results(table, results) < 0)
        return FAILED;
    Said said = run_steps(table, event, results);
    if (said == DONE && table->roomy != NULL && drop_placeholder(table, results[0]) < 0)
        said = FAILED;
    for (Py_ssize_t i = 0; said == DONE && i < PyTuple_GET_SIZE(table->required); i++)
        said = (Said)PyDict_Contains(results[0], PyTuple_GET_ITEM(table->required, i));
    if (said != DONE) {
        let_go(results, count);
        return said;
    }
    return DONE;
}

/* A list with an object for each item of a list, which the caller holds, because the keys in it may run code that drops
   it everywhere else; NULL without an exception where something is odd. */
static PyObject *
copy_items(const Table *items, PyObject *value)
{
    if (items->plain == NULL)
        return NULL; /* It is being taken apart. */
    PyObject *copied = PyList_New(0);
    /* A key's own comparison might shorten the list, so that it is asked for its length each time. */
    for (Py_ssize_t i = 0; copied != NULL && i < PyList_GET_SIZE(value); i++) {
        PyObject *item = Py_NewRef(PyList_GET_ITEM(value, i)), *result;
        Said said = make_results(items, item, &result);
        Py_DECREF(item);
        if (said == DONE) {
            said = PyList_Append(copied, result) < 0 ? FAILED : DONE;
            Py_DECREF(result);
        }
        if (said != DONE)
            Py_CLEAR(copied);
    }
    return copied;
}

static int
put(const Step *step, PyObject **results, PyObject *value)
{
    for (const Place *place = step->to; place < step->to_end; place++) {
        if (place->key == NULL)
            Py_SETREF(results[place->result], Py_NewRef(value));
        else if (PyDict_SetItem(results[place->result], place->key, value) < 0)
            return -1;
    }
    return 0;
}

/* Does one step; `nodes` are references to what is read from, or NULL. */
static inline Said
run_step(const Table *table, const Step *step, PyObject **nodes, PyObject **results)
{
    PyObject *value = NULL;
    const Source *source = step->from;
    if (source + 1 == step->from_end) { /* as nearly all have it */
        PyObject *node = nodes[source->node];
        if (node == NULL)
            return DONE;
        if (read_source(source, node, &value) < 0)
            return FAILED;
        source = step->from_end;
        if (value == table->missing)
            return DONE;
    }
    /* The first source that is neither missing nor null, nor empty where that is passed over; else the last. */
    for (; source < step->from_end; source++) {
        PyObject *node = nodes[source->node];
        value = NULL;
        if (node != NULL && read_source(source, node, &value) < 0)
            return FAILED;
        if (value == table->missing)
            value = NULL;
        if (value == NULL || value == Py_None)
            continue;
        if (!is_visible_kind(step->kind) || !PyUnicode_CheckExact(value) || PyUnicode_GET_LENGTH(value) != 0)
            break;
    }
    if (value == NULL)
        return DONE;
    if (value == Py_None ? IS_OF_ITEMS(table) : !is_usual(table, step, value))
        return ODD;
    if (is_left_out(step->kind, value))
        return DONE;
    Py_INCREF(value);
    if (step->kind == INSIDE) {
        Py_XSETREF(nodes[step->node], value);
        return DONE;
    }
    if (step->kind == ITEMS) {
        Py_SETREF(value, copy_items(step->items, value));
        if (value == NULL)
            return PyErr_Occurred() ? FAILED : ODD;
    }
    Said said = put(step, results, value) < 0 ? FAILED : DONE;
    Py_DECREF(value);
    return said;
}

static Said
run_steps(const Table *table, PyObject *event, PyObject **results)
{
    PyObject *nodes[MOST_NODES];
    Py_ssize_t count = PyTuple_GET_SIZE(table->nodes);
    if (Py_TYPE(event) != (PyTypeObject *)PyTuple_GET_ITEM(table->nodes, 0))
        return ODD;
    nodes[0] = event;
    for (Py_ssize_t i = 1; i < count; i++)
        nodes[i] = NULL;
    Said said = DONE;
    for (const Step *step = table->steps; said == DONE && step < table->steps_end; step++)
        said = run_step(table, step, nodes, results);
    for (Py_ssize_t i = 1; i < count; i++)
        Py_XDECREF(nodes[i]);
    return said;
}

static PyObject *
as_tuple(PyObject **results, Py_ssize_t count)
{
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple != NULL && i < count; i++)
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(results[i]));
    return tuple;
}

PyObject *
table_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Table *table = (Table *)self;
    Py_ssize_t given = PyVectorcall_NARGS(nargsf);
    if (given < 1 || given > 2 || (kwnames != NULL && PyTuple_GET_SIZE(kwnames) != 0)) {
        PyErr_SetString(PyExc_TypeError, "a table of copies takes an event, and what is called with its results");
        return NULL;
    }
    if (table->plain == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the table is being taken apart");
        return NULL;
    }
    PyObject *results[MOST_RESULTS], *answer = NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(table->results);
    Said said = make_results(table, args[0], results);
    if (said == DONE) {
        answer = given == 1 ? as_tuple(results, count) : PyObject_Vectorcall(args[1], results, count, NULL);
        let_go(results, count);
        /* An error is raised once more by the function, whose lines are those of rules. */
        if (answer != NULL || given == 1 || !PyErr_ExceptionMatches(PyExc_Exception))
            return answer;
        PyErr_Clear();
    }
    return said == FAILED ? NULL : PyObject_Vectorcall(table->plain, args, given, NULL);
}
