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

PyObject *
has_only(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Py_ssize_t at = 0;
    PyObject *key;
    if (count != 2 || !PyFrozenSet_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "expected a value and a frozenset");
        return NULL;
    }
    if (!PyDict_CheckExact(arguments[0]))
        Py_RETURN_FALSE;
    while (PyDict_Next(arguments[0], &at, &key, NULL)) {
        /* Text of another class might run code when it is compared. */
        int is_among = PyUnicode_CheckExact(key) ? PySet_Contains(arguments[1], key) : 0;
        if (is_among < 0)
            return NULL;
        if (!is_among)
            Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
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
