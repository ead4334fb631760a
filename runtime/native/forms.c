/* Writes the fields of a form as the URL Standard does; text that is not ASCII is None here, and written in Python. */

#include "table.h"

/* Characters that stand for themselves; a blank is a plus sign, and any other is quoted. */
static inline int
is_itself(Py_UCS1 character)
{
    /* A bit for each character of ASCII: letters, digits and `*-._`. */
    static const unsigned long long own[] = {0x3FF640000000000ULL, 0x7FFFFFE87FFFFFEULL};
    return (own[character >> 6] >> (character & 63)) & 1;
}

static Py_ssize_t
quoted_length(PyObject *text)
{
    const Py_UCS1 *character = PyUnicode_1BYTE_DATA(text), *end = character + PyUnicode_GET_LENGTH(text);
    Py_ssize_t length = 0;
    for (; character < end; character++)
        length += (is_itself(*character) | (*character == ' ')) ? 1 : 3;
    return length;
}

static Py_UCS1 *
write_quoted(PyObject *text, Py_UCS1 *to)
{
    static const char digits[] = "0123456789ABCDEF";
    const Py_UCS1 *character = PyUnicode_1BYTE_DATA(text), *end = character + PyUnicode_GET_LENGTH(text);
    for (; character < end; character++) {
        if (is_itself(*character))
            *to++ = *character;
        else if (*character == ' ')
            *to++ = '+';
        else {
            *to++ = '%';
            *to++ = digits[*character >> 4];
            *to++ = digits[*character & 15];
        }
    }
    return to;
}

static int
is_ascii(PyObject *text)
{
    return PyUnicode_CheckExact(text) && PyUnicode_IS_ASCII(text);
}

PyObject *
ascii_form(PyObject *Py_UNUSED(module), PyObject *fields)
{
    PyObject *key, *value;
    Py_ssize_t length = 0;
    if (!PyDict_CheckExact(fields) || PyDict_GET_SIZE(fields) == 0)
        Py_RETURN_NONE;
    for (Py_ssize_t at = 0; PyDict_Next(fields, &at, &key, &value);) {
        /* Each character becomes three at most. */
        if (!is_ascii(key) || !is_ascii(value) || PyUnicode_GET_LENGTH(key) > PY_SSIZE_T_MAX / 16 ||
            PyUnicode_GET_LENGTH(value) > PY_SSIZE_T_MAX / 16 || length > PY_SSIZE_T_MAX / 2)
            Py_RETURN_NONE;
        length += quoted_length(key) + 1 + quoted_length(value) + 1;
    }
    PyObject *form = PyUnicode_New(length - 1, 127);
    if (form == NULL)
        return NULL;
    Py_UCS1 *to = PyUnicode_1BYTE_DATA(form), *start = to;
    for (Py_ssize_t at = 0; PyDict_Next(fields, &at, &key, &value);) {
        if (to != start)
            *to++ = '&';
        to = write_quoted(key, to);
        *to++ = '=';
        to = write_quoted(value, to);
    }
    return form;
}
