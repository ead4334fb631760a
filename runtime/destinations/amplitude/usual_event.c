/* Makes the request of a usual event, as `EventSender.send` of events.py does, and leaves any other event to it.

   Everything is looked at before anything is changed, so that Python begins with what C was given. */

#include "usual_event.h"

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

/* More bytes of JSON than the fields that are added here take, beside texts. */
#define ROOM_FOR_ADDED 1024

/* What is added to an event: references, or NULL for nothing. */
typedef struct {
    PyObject *platform, *session_id, *time, *operations, *library, *device, *url;
} Added;

static int
is_none(PyObject *value)
{
    return value == NULL || value == Py_None;
}

static int
is_empty_dict(PyObject *value)
{
    return PyDict_CheckExact(value) && PyDict_GET_SIZE(value) == 0;
}

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

static int
has_sign(PyObject *properties)
{
    PyObject *key;
    for (Py_ssize_t at = 0; PyDict_Next(properties, &at, &key, NULL);)
        if (!PyUnicode_CheckExact(key) || (PyUnicode_GET_LENGTH(key) != 0 && PyUnicode_READ_CHAR(key, 0) == '$'))
            return 1;
    return 0;
}

/* The operations on user properties; what is plain beside them, or an operation itself, is not usual. */
static int
find_operations(UsualEvent *self, PyObject *const *given, Added *added)
{
    int once, always;
    PyObject *properties = PyDict_GetItemWithError(given[PAYLOAD], self->names.user_properties);
    if (!is_none(properties) && !PyDict_CheckExact(properties))
        return 0;
    if ((given[ADD] != Py_None && !is_empty_dict(given[ADD])) ||
        !is_touch(given[SET_ONCE], self->first, self->checks, &once) ||
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
find_platform(UsualEvent *self, PyObject *const *given, Added *added)
{
    PyObject *platform = PyDict_GetItemWithError(given[PAYLOAD], self->names.platform), *library = given[LIBRARY];
    if (is_none(platform)) {
        if (library != Py_None && !PyUnicode_CheckExact(library))
            return 0;
        if (library == Py_None || PyUnicode_CompareWithASCIIString(library, "analytics.js") != 0)
            return 1;
        platform = self->names.Web;
    }
    if (!PyUnicode_CheckExact(platform) || PyUnicode_GET_LENGTH(platform) == 0)
        return 0;
    added->platform = Py_XNewRef(PyDict_GetItemWithError(self->platforms, platform));
    return added->platform != NULL;
}

static int
find_times(UsualEvent *self, PyObject *const *given, Added *added)
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
find_library(UsualEvent *self, PyObject *const *given, Added *added)
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

/* Puts what a client hint says in place of what the user agent says; 0 for an exception. */
static int
put_hint(PyObject *device, PyObject *name, PyObject *hints, PyObject *hint)
{
    PyObject *value = PyDict_GetItemWithError(hints, hint);
    return is_none(value) ? !PyErr_Occurred() : PyDict_SetItem(device, name, value) == 0;
}

/* The remembered properties of a user agent, with those of the client hints; NULL where it is not remembered. */
static PyObject *
remembered_device(UsualEvent *self, PyObject *user_agent, PyObject *hints)
{
    PyObject *device = PyDict_GetItemWithError(self->agents, user_agent);
    if (device == NULL || hints == Py_None || PyDict_GET_SIZE(hints) == 0)
        return Py_XNewRef(device);
    if ((device = PyDict_Copy(device)) != NULL &&
        !(put_hint(device, self->names.os_version, hints, self->names.platformVersion) &&
          put_hint(device, self->names.device_model, hints, self->names.model)))
        Py_CLEAR(device);
    return device;
}

/* The properties of the device: those of a remembered user agent, else those that Python finds. */
static int
find_device(UsualEvent *self, PyObject *const *given, Added *added)
{
    if (given[USER_AGENT] == Py_None)
        return 1;
    if (!PyUnicode_CheckExact(given[USER_AGENT]))
        return 0;
    if (PyUnicode_GET_LENGTH(given[USER_AGENT]) == 0)
        return 1;
    if (given[USER_AGENT_PARSING] == Py_True &&
        (given[INCLUDE_RAW_USER_AGENT] == Py_False || given[INCLUDE_RAW_USER_AGENT] == Py_None) &&
        (given[USER_AGENT_DATA] == Py_None || PyDict_CheckExact(given[USER_AGENT_DATA])))
        added->device = remembered_device(self, given[USER_AGENT], given[USER_AGENT_DATA]);
    if (added->device == NULL && PyErr_Occurred())
        return 0;
    if (added->device == NULL)
        added->device = PyObject_Vectorcall(self->device_of, given + USER_AGENT, 4, NULL);
    if (added->device == Py_None)
        Py_CLEAR(added->device);
    else if (added->device == NULL || !PyDict_CheckExact(added->device))
        return 0;
    return 1;
}

/* Whether all values that are sent surely fit, as `surely_fits` says of the event that is made here. */
static int
fits(UsualEvent *self, PyObject *payload, const Added *added)
{
    Limits limits = self->limits;
    PyObject *texts[] = {added->platform, added->library};
    if ((limits.bytes -= ROOM_FOR_ADDED) < 0 || !is_written(payload, &limits, self->levels - 1))
        return 0;
    for (int i = 0; i < 2; i++)
        if (texts[i] != NULL && !is_written(texts[i], &limits, 0))
            return 0;
    return (added->operations == NULL || is_written(added->operations, &limits, self->levels - 2)) &&
           (added->device == NULL || is_written(added->device, &limits, self->levels - 1));
}

/* Whether an event has a name, and none of those that Amplitude keeps for itself. */
static int
has_usual_type(UsualEvent *self, PyObject *payload)
{
    PyObject *name = PyDict_GetItemWithError(payload, self->names.event_type);
    return name != NULL && PyUnicode_CheckExact(name) && PyDict_Contains(self->reserved, name) == 0;
}

/* Finds what is added to a usual event; 0 for any other, and for an exception. */
static int
find(UsualEvent *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD], *is_batch = given[USE_BATCH_ENDPOINT];
    if (!PyDict_CheckExact(payload) || given[MIN_ID_LENGTH] != Py_None || (is_batch != Py_None && !PyBool_Check(is_batch)))
        return 0;
    added->url = is_batch == Py_True ? self->batch_url : self->url;
    if (self->checks &&
        (!has_usual_type(self, payload) || !has_usual_ids(payload, self->ids, self->shortest_id) ||
         !is_none(PyDict_GetItemWithError(payload, self->names.groups))))
        return 0;
    return find_platform(self, given, added) && find_times(self, given, added) && find_library(self, given, added) &&
           find_operations(self, given, added) && find_device(self, given, added) &&
           (!self->checks || fits(self, payload, added));
}

static int
set_field(PyObject *event, PyObject *name, PyObject *value)
{
    return value == NULL ? 0 : PyDict_SetItem(event, name, value);
}

/* A list with the request, after all is put into the event in the order of `EventSender.send`. */
static PyObject *
make_requests(UsualEvent *self, PyObject *event, const Added *added)
{
    if (set_field(event, self->names.platform, added->platform) < 0 ||
        set_field(event, self->names.session_id, added->session_id) < 0 ||
        set_field(event, self->names.time, added->time) < 0 ||
        set_field(event, self->names.user_properties, added->operations) < 0 ||
        set_field(event, self->names.library, added->library) < 0 ||
        (added->device != NULL && PyDict_Merge(event, added->device, 0) < 0))
        return NULL;
    PyObject *requests = PyList_New(1), *events = PyList_New(1), *body = PyDict_New(), *request = NULL;
    if (requests != NULL && events != NULL && body != NULL) {
        PyList_SET_ITEM(events, 0, Py_NewRef(event));
        if (PyDict_SetItem(body, self->names.api_key, self->key) == 0 &&
            PyDict_SetItem(body, self->names.events, events) == 0) {
            PyObject *of_request[] = {self->mapping, self->action, self->names.POST, added->url, body, Py_None};
            request = PyObject_Vectorcall(self->request, of_request, 6, NULL);
        }
    }
    Py_XDECREF(events);
    Py_XDECREF(body);
    if (request == NULL)
        Py_CLEAR(requests);
    else
        PyList_SET_ITEM(requests, 0, request);
    return requests;
}

PyObject *
usual_event_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    UsualEvent *self = (UsualEvent *)callable;
    PyObject *given[ARGUMENTS], *requests = NULL;
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    if (self->build == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "what makes requests is being taken apart");
        return NULL;
    }
    if (count < 1 || count > ARGUMENTS || (kwnames != NULL && PyTuple_GET_SIZE(kwnames) != 0))
        return PyObject_Vectorcall(self->build, args, nargsf, kwnames);
    for (Py_ssize_t i = 0; i < ARGUMENTS; i++)
        given[i] = i < count ? args[i] : Py_None;
    Added added = {0};
    int is_usual = find(self, given, &added) && !PyErr_Occurred();
    if (is_usual)
        requests = make_requests(self, given[PAYLOAD], &added);
    Py_XDECREF(added.platform);
    Py_XDECREF(added.session_id);
    Py_XDECREF(added.time);
    Py_XDECREF(added.operations);
    Py_XDECREF(added.library);
    Py_XDECREF(added.device);
    if (is_usual || (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)))
        return requests;
    PyErr_Clear(); /* Python raises it again, from lines of its own. */
    return PyObject_Vectorcall(self->build, args, nargsf, kwnames);
}
