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

/* What is not surely written as JSON is left to Python without checks too, because a form holds JSON text. */
static int
find_user(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD];
    PyObject *agent[] = {given[USER_AGENT], given[USER_AGENT_PARSING], given[INCLUDE_RAW_USER_AGENT], given[USER_AGENT_DATA]};
    Limits limits = self->limits;
    Py_BUILD_ASSERT(ARGUMENTS <= MOST_ARGUMENTS);
    if (given[MIN_ID_LENGTH] != Py_None || !is_empty(given[SET_ONCE]) || !is_empty(given[SET_ALWAYS]) ||
        !is_empty(given[ADD]) || (self->checks && !has_usual_owner(self, payload)))
        return 0;
    added->library = Py_NewRef(self->names.segment);
    return find_platform(self, payload, given[LIBRARY], added) &&
           find_touches(self, payload, given[UTM_PROPERTIES], given[REFERRER], self->folds, added) &&
           find_device(self, agent, added) && fits(self, payload, added, &limits);
}

static PyObject *
make_user_request(UsualRequest *self, PyObject *const *given, const Added *added)
{
    PyObject *user = given[PAYLOAD];
    if (add_all(self, user, added) < 0 || add_device(user, added) < 0)
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
