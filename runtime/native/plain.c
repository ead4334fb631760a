/* Whether a value is plain JSON within limits, as plain.py asks it. */

#include "table.h"

typedef struct {
    Py_ssize_t longest; /* characters of a string */
    int nested_lists;   /* whether a list may hold a list */
    Py_ssize_t left;    /* so many more values may be looked at */
    int is_written;     /* whether the encoder's limits count too, and the bytes that it writes */
    Py_ssize_t bytes;   /* so many more bytes may be written */
} Limits;

/* As in plain.py. */
#define MOST_NESTED 200
#define MOST_VALUES 10000000

/* The most bytes of JSON text for a character (`\u0000`), and for what is not text, each with quotes and a comma. */
#define MOST_OF_CHARACTER 6
#define MOST_OF_OTHERS 32

static int
has_half_of_pair(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (PyUnicode_KIND(text) == PyUnicode_2BYTE_KIND) {
        const Py_UCS2 *characters = PyUnicode_2BYTE_DATA(text);
        for (Py_ssize_t i = 0; i < length; i++)
            if (Py_UNICODE_IS_SURROGATE(characters[i]))
                return 1;
    }
    else if (PyUnicode_KIND(text) == PyUnicode_4BYTE_KIND) {
        const Py_UCS4 *characters = PyUnicode_4BYTE_DATA(text);
        for (Py_ssize_t i = 0; i < length; i++)
            if (Py_UNICODE_IS_SURROGATE(characters[i]))
                return 1;
    }
    return 0;
}

/* Whether the encoder writes a text within the bytes that are left, which it does not with half of a surrogate pair. */
static inline int
is_written_text(PyObject *text, Limits *limits)
{
    limits->bytes -= PyUnicode_GET_LENGTH(text) * MOST_OF_CHARACTER + 4;
    return limits->bytes >= 0 && (PyUnicode_IS_ASCII(text) || !has_half_of_pair(text));
}

/* Whether the encoder writes a value that is no text within the bytes that are left: numbers of 64 bits. */
static inline int
is_written_value(PyObject *value, Limits *limits)
{
    if ((limits->bytes -= MOST_OF_OTHERS) < 0)
        return 0;
    if (!PyLong_CheckExact(value))
        return 1;
    int overflow;
    PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow == 0;
}

static int is_plain_container(PyObject *container, Limits *limits, Py_ssize_t levels);

/* `levels` more objects and lists may be nested here. */
static inline int
is_plain_value(PyObject *value, Limits *limits, Py_ssize_t levels)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type)
        return PyUnicode_GET_LENGTH(value) <= limits->longest && (!limits->is_written || is_written_text(value, limits));
    if (type == &PyDict_Type || type == &PyList_Type)
        return levels > 0 && is_plain_container(value, limits, levels - 1);
    if (type == &PyFloat_Type ? !Py_IS_FINITE(PyFloat_AS_DOUBLE(value))
                              : type != &PyLong_Type && type != &PyBool_Type && value != Py_None)
        return 0;
    return !limits->is_written || is_written_value(value, limits);
}

static int
is_plain_container(PyObject *container, Limits *limits, Py_ssize_t levels)
{
    int is_dict = PyDict_CheckExact(container);
    if ((limits->left -= is_dict ? PyDict_GET_SIZE(container) : PyList_GET_SIZE(container)) < 0)
        return 0;
    if ((limits->bytes -= 4) < 0)
        return 0;
    if (is_dict) {
        PyObject *key, *item;
        for (Py_ssize_t position = 0; PyDict_Next(container, &position, &key, &item);)
            if (!PyUnicode_CheckExact(key) || (limits->is_written && !is_written_text(key, limits)) ||
                !is_plain_value(item, limits, levels))
                return 0;
        return 1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(container); i++) {
        PyObject *item = PyList_GET_ITEM(container, i);
        if ((PyList_CheckExact(item) && !limits->nested_lists) || !is_plain_value(item, limits, levels))
            return 0;
    }
    return 1;
}

static int
read_size(PyObject *given, Py_ssize_t *size)
{
    *size = PyLong_AsSsize_t(given);
    return *size == -1 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *
answer(PyObject *value, PyObject *longest, PyObject *most_levels, Limits limits)
{
    Py_ssize_t levels;
    if (read_size(longest, &limits.longest) < 0 || read_size(most_levels, &levels) < 0)
        return NULL;
    return PyBool_FromLong(levels >= 0 && is_plain_value(value, &limits, Py_MIN(levels, MOST_NESTED)));
}

PyObject *
is_plain(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "is_plain takes a value, and three limits");
        return NULL;
    }
    Py_ssize_t longest, levels;
    if (read_size(args[1], &longest) < 0 || read_size(args[2], &levels) < 0)
        return NULL;
    /* Only now, because asking for a truth value runs code of its class. */
    int nested_lists = PyObject_IsTrue(args[3]);
    if (nested_lists < 0)
        return NULL;
    return answer(args[0], args[1], args[2], (Limits){.left = MOST_VALUES, .nested_lists = nested_lists, .bytes = PY_SSIZE_T_MAX});
}

PyObject *
surely_fits(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Limits limits = {.left = MOST_VALUES, .is_written = 1};
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "surely_fits takes three limits, and a value");
        return NULL;
    }
    if (read_size(args[2], &limits.bytes) < 0)
        return NULL;
    return answer(args[3], args[0], args[1], limits);
}
