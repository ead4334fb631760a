/* Looks at the values of an object, without the call of `==` that Python's `in` makes for each. */

#include "table.h"

PyObject *
holds_false(PyObject *module, PyObject *value)
{
    Py_ssize_t at = 0;
    PyObject *held;
    if (!PyDict_Check(value))
        Py_RETURN_FALSE;
    while (PyDict_Next(value, &at, NULL, &held))
        if (held == Py_False)
            Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}
