/* Looks at the values of an object, without the call of `==` that Python's `in` makes for each. */

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
