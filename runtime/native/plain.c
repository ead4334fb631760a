/* Whether a value is plain JSON within limits, as plain.py asks it. */

#include "table.h"

/* As in plain.py. */
#define MOST_NESTED 200

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
Py_ALWAYS_INLINE static inline int
is_written_text(PyObject *text, Limits *limits)
{
    limits->bytes -= PyUnicode_GET_LENGTH(text) * MOST_OF_CHARACTER + 4;
    return limits->bytes >= 0 && (PyUnicode_IS_ASCII(text) || !has_half_of_pair(text));
}

/* Whether the encoder writes a value that is no text within the bytes that are left: numbers of 64 bits. */
static int
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
static int is_written_container(PyObject *container, Limits *limits, Py_ssize_t levels);

/* `levels` more objects and lists may be nested here. `is_written` is a constant wherever this is called, so that a
   question that is asked of each value of each event is as short as it can be. */
Py_ALWAYS_INLINE static inline int
is_plain_value(PyObject *value, Limits *limits, Py_ssize_t levels, int is_written)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type)
        return PyUnicode_GET_LENGTH(value) <= limits->longest && (!is_written || is_written_text(value, limits));
    if (type == &PyDict_Type || type == &PyList_Type)
        return levels > 0 && (is_written ? is_written_container : is_plain_container)(value, limits, levels - 1);
    if (type == &PyFloat_Type ? !Py_IS_FINITE(PyFloat_AS_DOUBLE(value))
                              : type != &PyLong_Type && type != &PyBool_Type && value != Py_None)
        return 0;
    return !is_written || is_written_value(value, limits);
}

Py_ALWAYS_INLINE static inline int
has_plain_values(PyObject *container, Limits *limits, Py_ssize_t levels, int is_written)
{
    int is_dict = PyDict_CheckExact(container);
    if ((limits->left -= is_dict ? PyDict_GET_SIZE(container) : PyList_GET_SIZE(container)) < 0)
        return 0;
    if (is_written && (limits->bytes -= 4) < 0)
        return 0;
    if (is_dict) {
        PyObject *key, *item;
        for (Py_ssize_t position = 0; PyDict_Next(container, &position, &key, &item);)
            if (!PyUnicode_CheckExact(key) || (is_written && !is_written_text(key, limits)) ||
                !is_plain_value(item, limits, levels, is_written))
                return 0;
        return 1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(container); i++) {
        PyObject *item = PyList_GET_ITEM(container, i);
        if ((PyList_CheckExact(item) && !limits->nested_lists) || !is_plain_value(item, limits, levels, is_written))
            return 0;
    }
    return 1;
}

static int
is_plain_container(PyObject *container, Limits *limits, Py_ssize_t levels)
{
    return has_plain_values(container, limits, levels, 0);
}

static int
is_written_container(PyObject *container, Limits *limits, Py_ssize_t levels)
{
    return has_plain_values(container, limits, levels, 1);
}

int
is_written(PyObject *value, Limits *limits, Py_ssize_t levels)
{
    return is_plain_value(value, limits, levels, 1);
}

static int
read_size(PyObject *given, Py_ssize_t *size)
{
    *size = PyLong_AsSsize_t(given);
    return *size == -1 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *
answer(PyObject *value, PyObject *longest, PyObject *most_levels, Limits limits, int is_written)
{
    Py_ssize_t levels;
    if (read_size(longest, &limits.longest) < 0 || read_size(most_levels, &levels) < 0)
        return NULL;
    levels = Py_MIN(levels, MOST_NESTED);
    if (levels < 0)
        Py_RETURN_FALSE;
    return PyBool_FromLong(
        is_written ? is_plain_value(value, &limits, levels, 1) : is_plain_value(value, &limits, levels, 0));
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
    return answer(args[0], args[1], args[2], (Limits){.left = MOST_VALUES, .nested_lists = nested_lists}, 0);
}

PyObject *
is_json(PyObject *Py_UNUSED(module), PyObject *value)
{
    Limits limits = {.longest = PY_SSIZE_T_MAX, .nested_lists = 1, .left = MOST_VALUES};
    return PyBool_FromLong(is_plain_value(value, &limits, MOST_NESTED, 0));
}

PyObject *
surely_fits(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Limits limits = {.left = MOST_VALUES};
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "surely_fits takes three limits, and a value");
        return NULL;
    }
    if (read_size(args[2], &limits.bytes) < 0)
        return NULL;
    return answer(args[3], args[0], args[1], limits, 1);
}
