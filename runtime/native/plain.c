/* Whether a value is plain JSON within limits, as plain.py asks it. */

#include "table.h"

typedef struct {
    Py_ssize_t longest; /* characters of a string */
    int nested_lists;   /* whether a list may hold a list */
    Py_ssize_t left;    /* so many more values may be looked at */
} Limits;

/* As in plain.py. */
#define MOST_NESTED 200
#define MOST_VALUES 10000000

/* `levels` more objects and lists may be nested here. */
static int
is_plain_value(PyObject *value, Limits *limits, Py_ssize_t levels)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type)
        return PyUnicode_GET_LENGTH(value) <= limits->longest;
    if (value == Py_None || type == &PyBool_Type || type == &PyLong_Type)
        return 1;
    if (type == &PyFloat_Type)
        return Py_IS_FINITE(PyFloat_AS_DOUBLE(value));
    if (levels <= 0)
        return 0;
    if (type == &PyDict_Type) {
        if ((limits->left -= PyDict_GET_SIZE(value)) < 0)
            return 0;
        PyObject *key, *item;
        for (Py_ssize_t position = 0; PyDict_Next(value, &position, &key, &item);)
            if (!PyUnicode_CheckExact(key) || !is_plain_value(item, limits, levels - 1))
                return 0;
        return 1;
    }
    if (type != &PyList_Type || (limits->left -= PyList_GET_SIZE(value)) < 0)
        return 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++) {
        PyObject *item = PyList_GET_ITEM(value, i);
        if ((PyList_CheckExact(item) && !limits->nested_lists) || !is_plain_value(item, limits, levels - 1))
            return 0;
    }
    return 1;
}

PyObject *
is_plain(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "is_plain takes a value, and three limits");
        return NULL;
    }
    Limits limits = {.left = MOST_VALUES};
    if ((limits.longest = PyLong_AsSsize_t(args[1])) == -1 && PyErr_Occurred())
        return NULL;
    Py_ssize_t levels = PyLong_AsSsize_t(args[2]);
    if (levels == -1 && PyErr_Occurred())
        return NULL;
    if ((limits.nested_lists = PyObject_IsTrue(args[3])) < 0)
        return NULL;
    return PyBool_FromLong(levels >= 0 && is_plain_value(args[0], &limits, Py_MIN(levels, MOST_NESTED)));
}
