/* Makes the request of a usual user, as `build` of identify_user.py does, and leaves any other user to it.

   Everything is looked at before anything is changed, so that Python begins with what C was given. */

#include "request.h"

/* The arguments of `build` in identify_user.py, by position; a test compares them. */
enum {
    PAYLOAD,
    USER_AGENT,
    USER_AGENT_PARSING,
    INCLUDE_RAW_USER_AGENT,
    UTM_PROPERTIES,
    REFERRER,
    MIN_ID_LENGTH,
    LIBRARY,
    USER_AGENT_DATA,
    SET_ONCE,
    SET_ALWAYS,
    ADD,
    ARGUMENTS
};

_Static_assert(ARGUMENTS <= MOST_ARGUMENTS, "more arguments than `usual_request_call` has room for");

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
set_touches(UsualRequest *self, PyObject *const *given, PyObject *plain, PyObject *last, PyObject *first)
{
    PyObject *name, *value;
    if (!is_none(given[UTM_PROPERTIES]))
        for (Py_ssize_t at = 0; PyDict_Next(given[UTM_PROPERTIES], &at, &name, &value);) {
            Py_ssize_t place = place_of(name, self->last);
            if (place == 0 ||
                !set_touch(plain, last, PyTuple_GET_ITEM(self->last, place), first, PyTuple_GET_ITEM(self->first, place), value))
                return 0;
        }
    return is_none(given[REFERRER]) || PyUnicode_GET_LENGTH(given[REFERRER]) == 0 ||
           set_touch(plain, last, self->names.referrer, first, self->names.initial_referrer, given[REFERRER]);
}

/* Whether plain properties may join the touches: by the policy of the mapping, and because they have no names of touches. */
static int
may_be_folded(UsualRequest *self, PyObject *plain)
{
    return PyDict_GET_SIZE(plain) == 0 || (self->folds && PyDict_Contains(plain, self->names.referrer) == 0 &&
                                           PyDict_Contains(plain, self->names.utm_properties) == 0);
}

/* The touches as operations, with plain properties in front of the last touch. */
static int
find_operations(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *plain = PyDict_GetItemWithError(given[PAYLOAD], self->names.user_properties), *empty = NULL;
    PyObject *utm = given[UTM_PROPERTIES], *referrer = given[REFERRER];
    if ((!is_none(plain) && (!PyDict_CheckExact(plain) || has_sign(plain))) || !is_empty(given[SET_ONCE]) ||
        !is_empty(given[SET_ALWAYS]) || !is_empty(given[ADD]) || (!is_none(utm) && !PyDict_CheckExact(utm)) ||
        (!is_none(referrer) && !PyUnicode_CheckExact(referrer)))
        return 0;
    if (is_empty(utm) && (is_none(referrer) || PyUnicode_GET_LENGTH(referrer) == 0))
        return 1;
    if (is_none(plain) && (plain = empty = PyDict_New()) == NULL)
        return 0;
    int is_found = 0;
    if (may_be_folded(self, plain)) {
        PyObject *last = PyDict_Copy(plain), *first = PyDict_New();
        added->operations = PyDict_New();
        is_found = last != NULL && first != NULL && added->operations != NULL &&
                   set_touches(self, given, plain, last, first) &&
                   PyDict_SetItem(added->operations, self->names.set, last) == 0 &&
                   PyDict_SetItem(added->operations, self->names.set_once, first) == 0;
        Py_XDECREF(last);
        Py_XDECREF(first);
    }
    Py_XDECREF(empty);
    return is_found;
}

/* What is not surely written as JSON is left to Python without checks too, because a form holds JSON text. */
static int
find_user(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD];
    PyObject *agent[] = {given[USER_AGENT], given[USER_AGENT_PARSING], given[INCLUDE_RAW_USER_AGENT], given[USER_AGENT_DATA]};
    if (given[MIN_ID_LENGTH] != Py_None || (self->checks && !has_usual_owner(self, payload)))
        return 0;
    added->library = Py_NewRef(self->names.segment);
    return find_platform(self, payload, given[LIBRARY], added) && find_operations(self, given, added) &&
           find_device(self, agent, added) && fits(self, payload, added);
}

static PyObject *
make_user_request(UsualRequest *self, PyObject *user, const Added *added)
{
    if (add_all(self, user, added) < 0)
        return NULL;
    PyObject *json = PyObject_CallOneArg(self->encode, user), *text = NULL, *fields = NULL, *requests = NULL;
    if (json != NULL && PyBytes_CheckExact(json))
        text = PyUnicode_DecodeUTF8(PyBytes_AS_STRING(json), PyBytes_GET_SIZE(json), NULL);
    else if (json != NULL)
        PyErr_SetString(PyExc_ValueError, "a value that can be written is not written");
    if (text != NULL && (fields = PyDict_New()) != NULL &&
        PyDict_SetItem(fields, self->names.api_key, self->key) == 0 &&
        PyDict_SetItem(fields, self->names.identification, text) == 0)
        requests = list_of_request(self, self->url, Py_None, fields);
    Py_XDECREF(json);
    Py_XDECREF(text);
    Py_XDECREF(fields);
    return requests;
}

const Usual usual_user = {ARGUMENTS, find_user, make_user_request};
