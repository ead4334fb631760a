/* The last and the first touch of a campaign and a referrer, as `touches` of user_properties.py makes them. */

#include "request.h"

/* Whether a text is None or empty. */
static int
is_empty_text(PyObject *text)
{
    return is_none(text) || PyUnicode_GET_LENGTH(text) == 0;
}

/* Sets the last and the first touch by their names; 0 where plain properties have one of these, or for an exception. */
static int
set_touch(PyObject *plain, PyObject *last, PyObject *last_name, PyObject *first, PyObject *first_name, PyObject *value)
{
    if (PyDict_GET_SIZE(plain) != 0 && (PyDict_Contains(plain, last_name) != 0 || PyDict_Contains(plain, first_name) != 0))
        return 0;
    return PyDict_SetItem(last, last_name, value) == 0 && PyDict_SetItem(first, first_name, value) == 0;
}

/* The place of the name of a parameter of the campaign among the names of touches; 0 for any other name. */
static Py_ssize_t
place_of(PyObject *name, PyObject *names)
{
    if (PyUnicode_CheckExact(name))
        for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(names); i++)
            if (name == PyTuple_GET_ITEM(names, i) || PyUnicode_Compare(name, PyTuple_GET_ITEM(names, i)) == 0)
                return i;
    return 0;
}

static int
set_touches(UsualRequest *self, PyObject *utm, PyObject *referrer, PyObject *plain, PyObject *last, PyObject *first)
{
    PyObject *name, *value;
    if (!is_none(utm))
        for (Py_ssize_t at = 0; PyDict_Next(utm, &at, &name, &value);) {
            Py_ssize_t place = place_of(name, self->last);
            if (place == 0 ||
                !set_touch(plain, last, PyTuple_GET_ITEM(self->last, place), first, PyTuple_GET_ITEM(self->first, place), value))
                return 0;
        }
    return is_empty_text(referrer) ||
           set_touch(plain, last, self->names.referrer, first, self->names.initial_referrer, referrer);
}

/* Whether no plain property has the name of a field of touches, which Python leaves out. */
static int
has_no_touches(UsualRequest *self, PyObject *plain)
{
    return PyDict_Contains(plain, self->names.referrer) == 0 && PyDict_Contains(plain, self->names.utm_properties) == 0;
}

/* The touches of a campaign and a referrer as operations; plain properties are in front of the last touch where the policy
   of the mapping folds them, and are not usual beside touches where it does not. */
int
find_touches(UsualRequest *self, PyObject *payload, PyObject *utm, PyObject *referrer, int folds, Added *added)
{
    PyObject *plain = PyDict_GetItemWithError(payload, self->names.user_properties), *empty = NULL;
    if ((!is_none(plain) && (!PyDict_CheckExact(plain) || has_sign(plain))) || (!is_none(utm) && !PyDict_CheckExact(utm)) ||
        (!is_none(referrer) && !PyUnicode_CheckExact(referrer)))
        return 0;
    if (is_empty(utm) && is_empty_text(referrer))
        return 1;
    if (!is_empty(plain) && !(folds && has_no_touches(self, plain)))
        return 0;
    if (is_none(plain) && (plain = empty = PyDict_New()) == NULL)
        return 0;
    PyObject *last = PyDict_Copy(plain), *first = PyDict_New();
    added->operations = PyDict_New();
    int is_found = last != NULL && first != NULL && added->operations != NULL &&
                   set_touches(self, utm, referrer, plain, last, first) &&
                   PyDict_SetItem(added->operations, self->names.set, last) == 0 &&
                   PyDict_SetItem(added->operations, self->names.set_once, first) == 0;
    Py_XDECREF(last);
    Py_XDECREF(first);
    Py_XDECREF(empty);
    return is_found;
}
