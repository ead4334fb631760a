/* Gives the first result of a table room for all its keys when it is made.

   A dict that grows key by key is moved three times before it holds 25. CPython makes the dict of a call's named arguments
   in one size for all names; a call with one name many times leaves a dict with one key and room for as many. A copy of it
   has that room too. Where CPython does otherwise, the dict grows as any other. */

#include "table.h"

static PyObject *
names_of_call(PyObject *module, PyObject *args, PyObject *names)
{
    return Py_NewRef(names);
}

static PyMethodDef names_of_call_def = {
    "names_of_call", (PyCFunction)(void (*)(void))names_of_call, METH_VARARGS | METH_KEYWORDS, NULL,
};

/* A dict with one key, and room for `count`. */
static PyObject *
dict_with_room(PyObject *key, PyObject *value, Py_ssize_t count)
{
    PyObject *values[MOST_ROOM], *dict = NULL;
    PyObject *function = PyCFunction_New(&names_of_call_def, NULL), *names = PyTuple_New(count);
    if (function != NULL && names != NULL) {
        for (Py_ssize_t i = 0; i < count; i++) {
            PyTuple_SET_ITEM(names, i, Py_NewRef(key));
            values[i] = value;
        }
        dict = PyObject_Vectorcall(function, values, 0, names);
    }
    Py_XDECREF(function);
    Py_XDECREF(names);
    return dict;
}

/* Makes what the first result is copied from: a placeholder at the key that its first row sets, and room for the others. */
int
make_room(Table *table)
{
    Py_ssize_t count = 0;
    PyObject *first = NULL;
    for (const Step *step = table->steps; step < table->steps_end; step++)
        for (const Place *place = step->to; place < step->to_end; place++)
            if (place->result == 0) {
                first = first == NULL ? place->key : first;
                count++;
            }
    if (count <= FEW_KEYS || PyDict_GET_SIZE(PyTuple_GET_ITEM(table->results, 0)) != 0)
        return 0;
    table->roomy = dict_with_room(first, table->missing, Py_MIN(count, MOST_ROOM));
    return table->roomy == NULL ? -1 : 0;
}

/* Removes the placeholder from a result if no row has set its key. */
int
drop_placeholder(const Table *table, PyObject *result)
{
    Py_ssize_t at = 0;
    PyObject *key, *value;
    if (!PyDict_Next(result, &at, &key, &value) || value != table->missing)
        return 0;
    return PyDict_DelItem(result, key);
}
