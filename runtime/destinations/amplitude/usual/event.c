/* Makes the request of a usual event, as `EventSender.send` of events.py does, and leaves any other event to it.

   Everything is looked at before anything is changed, so that Python begins with what C was given. */

#include "request.h"

/* The arguments of `build` in log_event_v2.py, by position; a test compares them. */
enum {
    PAYLOAD,
    SESSION_ID,
    TIME,
    LIBRARY,
    LIBRARY2,
    USE_BATCH_ENDPOINT,
    USER_AGENT,
    USER_AGENT_PARSING,
    INCLUDE_RAW_USER_AGENT,
    USER_AGENT_DATA,
    MIN_ID_LENGTH,
    SET_ONCE,
    SET_ALWAYS,
    ADD,
    ARGUMENTS
};

_Static_assert(ARGUMENTS <= MOST_ARGUMENTS, "more arguments than `usual_request_call` has room for");

/* Whether an object of touches is usual: texts under the names of one touch, or under any where nothing is checked. */
static int
is_touch(PyObject *touch, PyObject *names, int checks, int *is_filled)
{
    PyObject *value;
    *is_filled = 0;
    if (touch == Py_None)
        return 1;
    if (!PyDict_CheckExact(touch) || (checks && !dict_has_only(touch, names)))
        return 0;
    for (Py_ssize_t at = 0; PyDict_Next(touch, &at, NULL, &value);) {
        if (!PyUnicode_CheckExact(value))
            return 0;
        *is_filled |= PyUnicode_GET_LENGTH(value) != 0;
    }
    return 1;
}

/* The operations on user properties; what is plain beside them, or an operation itself, is not usual. */
static int
find_operations(UsualRequest *self, PyObject *const *given, Added *added)
{
    int once, always;
    PyObject *properties = PyDict_GetItemWithError(given[PAYLOAD], self->names.user_properties);
    if (!is_none(properties) && !PyDict_CheckExact(properties))
        return 0;
    if (!is_empty(given[ADD]) || !is_touch(given[SET_ONCE], self->first, self->checks, &once) ||
        !is_touch(given[SET_ALWAYS], self->last, self->checks, &always))
        return 0;
    if (!once && !always)
        return is_none(properties) || !has_sign(properties);
    if ((!is_none(properties) && PyDict_GET_SIZE(properties) != 0) || (self->checks && once != always) ||
        (added->operations = PyDict_New()) == NULL)
        return 0;
    return (!once || PyDict_SetItem(added->operations, self->names.set_once, given[SET_ONCE]) == 0) &&
           (!always || PyDict_SetItem(added->operations, self->names.set, given[SET_ALWAYS]) == 0);
}

static int
find_times(UsualRequest *self, PyObject *const *given, Added *added)
{
    long long milliseconds;
    if (given[SESSION_ID] != Py_None) {
        int overflow;
        if (!PyLong_CheckExact(given[SESSION_ID]))
            return 0;
        milliseconds = PyLong_AsLongLongAndOverflow(given[SESSION_ID], &overflow);
        if (overflow != 0 || milliseconds < self->first_session || milliseconds > self->last_session)
            return 0;
        added->session_id = Py_NewRef(given[SESSION_ID]);
    }
    if (given[TIME] == Py_None)
        return 1;
    if (!read_iso_time(given[TIME], &milliseconds) || milliseconds < 0)
        return 0;
    return (added->time = PyLong_FromLongLong(milliseconds)) != NULL;
}

static int
find_library(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *settings = given[LIBRARY2], *behavior;
    if (!PyDict_CheckExact(settings))
        return 0;
    behavior = PyDict_GetItemWithError(settings, self->names.behavior);
    if (behavior == NULL || !PyUnicode_CheckExact(behavior) ||
        PyUnicode_CompareWithASCIIString(behavior, "use_mapping") != 0)
        return 0;
    added->library = Py_XNewRef(PyDict_GetItemWithError(settings, self->names.mapping));
    return added->library == NULL || PyUnicode_CheckExact(added->library);
}

/* Whether an event has a name, and none of those that Amplitude keeps for itself. */
static int
has_usual_type(UsualRequest *self, PyObject *payload)
{
    PyObject *name = PyDict_GetItemWithError(payload, self->names.event_type);
    return name != NULL && PyUnicode_CheckExact(name) && PyDict_Contains(self->reserved, name) == 0;
}

static int
find_event(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD], *is_batch = given[USE_BATCH_ENDPOINT];
    if (given[MIN_ID_LENGTH] != Py_None || (is_batch != Py_None && !PyBool_Check(is_batch)))
        return 0;
    added->url = is_batch == Py_True ? self->batch_url : self->url;
    if (self->checks && !(has_usual_type(self, payload) && has_usual_owner(self, payload)))
        return 0;
    return find_platform(self, payload, given[LIBRARY], added) && find_times(self, given, added) &&
           find_library(self, given, added) && find_operations(self, given, added) &&
           find_device(self, given + USER_AGENT, added) && (!self->checks || fits(self, payload, added));
}

static PyObject *
make_event_request(UsualRequest *self, PyObject *event, const Added *added)
{
    if (add_all(self, event, added) < 0)
        return NULL;
    PyObject *events = PyList_New(1), *body = PyDict_New(), *requests = NULL;
    if (events != NULL && body != NULL) {
        PyList_SET_ITEM(events, 0, Py_NewRef(event));
        if (PyDict_SetItem(body, self->names.api_key, self->key) == 0 &&
            PyDict_SetItem(body, self->names.events, events) == 0)
            requests = list_of_request(self, added->url, body, Py_None);
    }
    Py_XDECREF(events);
    Py_XDECREF(body);
    return requests;
}

const Usual usual_event = {ARGUMENTS, find_event, make_event_request};
