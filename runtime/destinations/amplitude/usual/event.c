/* Makes the request of a usual event as `EventRequestBuilder.build` of event_requests.py does, which gets all others.

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
find_event(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD];
    Limits limits = self->limits;
    Py_BUILD_ASSERT(ARGUMENTS <= MOST_ARGUMENTS);
    return is_usual_event(self, payload, given[MIN_ID_LENGTH]) && find_endpoint(self, given[USE_BATCH_ENDPOINT], added) &&
           find_platform(self, payload, given[LIBRARY], added) &&
           find_times(self, given[SESSION_ID], given[TIME], added) && find_library(self, given[LIBRARY2], added) &&
           find_operations(self, given, added) && find_device(self, given + USER_AGENT, added) &&
           (!self->checks || fits(self, payload, added, &limits));
}

static PyObject *
make_event_request(UsualRequest *self, PyObject *const *given, const Added *added)
{
    PyObject *event = given[PAYLOAD], *requests = NULL;
    if (add_all(self, event, added) < 0 || add_device(event, added) < 0)
        return NULL;
    PyObject *events = PyList_New(1);
    if (events != NULL) {
        PyList_SET_ITEM(events, 0, Py_NewRef(event));
        requests = list_of_body(self, added->url, events);
        Py_DECREF(events);
    }
    return requests;
}

const Usual usual_event = {ARGUMENTS, find_event, make_event_request};
