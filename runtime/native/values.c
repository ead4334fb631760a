/* Looks at all keys or values of an object, without what Python's own loops and `in` call for each. */

#include "table.h"

PyObject *
holds_false(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Py_ssize_t at = 0;
    PyObject *value, *held;
    if (count != 2 || !PyDict_Check(arguments[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a dict and a key");
        return NULL;
    }
    value = PyDict_GetItemWithError(arguments[0], arguments[1]);
    if (value == NULL && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_Exception))
            return NULL;
        PyErr_Clear();
        Py_RETURN_TRUE;
    }
    if (value == NULL || !PyDict_Check(value))
        Py_RETURN_FALSE;
    while (PyDict_Next(value, &at, NULL, &held))
        if (held == Py_False)
            Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

/* Whether a text is among some texts; most often it is the very object. */
static int
is_among(PyObject *key, PyObject *names)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
        if (key == PyTuple_GET_ITEM(names, i))
            return 1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
        if (PyUnicode_CheckExact(PyTuple_GET_ITEM(names, i)) && PyUnicode_Compare(key, PyTuple_GET_ITEM(names, i)) == 0)
            return 1;
    return 0;
}

int
dict_has_only(PyObject *dict, PyObject *names)
{
    PyObject *key;
    for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, NULL);)
        /* Text of another class might run code when it is compared. */
        if (!PyUnicode_CheckExact(key) || !is_among(key, names))
            return 0;
    return 1;
}

PyObject *
has_only(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyTuple_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "expected a value and a tuple");
        return NULL;
    }
    return PyBool_FromLong(PyDict_CheckExact(arguments[0]) && dict_has_only(arguments[0], arguments[1]));
}

/* Whether an ID is all zeros, as far as its first two characters say. */
static int
may_be_zeros(PyObject *id)
{
    return PyUnicode_READ_CHAR(id, 0) == '0' && (PyUnicode_GET_LENGTH(id) == 1 || PyUnicode_READ_CHAR(id, 1) == '0');
}

/* Whether a text that is not empty begins and ends with visible signs of ASCII. */
static int
begins_and_ends_seen(PyObject *id)
{
    Py_UCS4 first = PyUnicode_READ_CHAR(id, 0), last = PyUnicode_READ_CHAR(id, PyUnicode_GET_LENGTH(id) - 1);
    return first > ' ' && first < 0x7f && last > ' ' && last < 0x7f;
}

int
has_usual_ids(PyObject *dict, PyObject *names, Py_ssize_t shortest)
{
    int has_one = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject *value = PyDict_GetItemWithError(dict, PyTuple_GET_ITEM(names, i));
        if (value == NULL && PyErr_Occurred())
            return 0;
        if (value == NULL || value == Py_None)
            continue;
        if (!PyUnicode_CheckExact(value) || PyUnicode_GET_LENGTH(value) < Py_MAX(shortest, 1) || may_be_zeros(value) ||
            !begins_and_ends_seen(value))
            return 0;
        has_one = 1;
    }
    return has_one;
}

PyObject *
surely_has_ids(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 3 || !PyDict_CheckExact(arguments[0]) || !PyTuple_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "expected a dict, a tuple and a length");
        return NULL;
    }
    Py_ssize_t shortest = PyLong_AsSsize_t(arguments[2]);
    if (shortest == -1 && PyErr_Occurred())
        return NULL;
    int has_ids = has_usual_ids(arguments[0], arguments[1], shortest);
    return PyErr_Occurred() ? NULL : PyBool_FromLong(has_ids);
}

PyObject *
add_missing(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyDict_CheckExact(arguments[0]) || !PyDict_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "expected two dicts");
        return NULL;
    }
    if (PyDict_Merge(arguments[0], arguments[1], 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}
