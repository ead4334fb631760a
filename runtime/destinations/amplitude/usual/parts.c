/* What the requests of usual events, orders and users have in common. */

#include "request.h"

/* More bytes of JSON than the fields that are added take, beside texts. */
#define ROOM_FOR_ADDED 1024

int
has_sign(PyObject *properties)
{
    PyObject *key;
    for (Py_ssize_t at = 0; PyDict_Next(properties, &at, &key, NULL);)
        if (!PyUnicode_CheckExact(key) || (PyUnicode_GET_LENGTH(key) != 0 && PyUnicode_READ_CHAR(key, 0) == '$'))
            return 1;
    return 0;
}

/* Whether checks find nothing wrong with the IDs of a payload, and no groups. */
int
has_usual_owner(UsualRequest *self, PyObject *payload)
{
    return has_usual_ids(payload, self->ids, self->shortest_id) &&
           is_none(PyDict_GetItemWithError(payload, self->names.groups));
}

int
find_times(UsualRequest *self, PyObject *session_id, PyObject *time, Added *added)
{
    long long milliseconds;
    if (session_id != Py_None) {
        int overflow;
        if (!PyLong_CheckExact(session_id))
            return 0;
        milliseconds = PyLong_AsLongLongAndOverflow(session_id, &overflow);
        if (overflow != 0 || milliseconds < self->first_session || milliseconds > self->last_session)
            return 0;
        added->session_id = Py_NewRef(session_id);
    }
    if (time == Py_None)
        return 1;
    if (!read_iso_time(time, &milliseconds) || milliseconds < 0)
        return 0;
    return (added->time = PyLong_FromLongLong(milliseconds)) != NULL;
}

int
find_library(UsualRequest *self, PyObject *settings, Added *added)
{
    PyObject *behavior;
    if (!PyDict_CheckExact(settings))
        return 0;
    behavior = PyDict_GetItemWithError(settings, self->names.behavior);
    if (behavior == NULL || !PyUnicode_CheckExact(behavior) ||
        PyUnicode_CompareWithASCIIString(behavior, "use_mapping") != 0)
        return 0;
    added->library = Py_XNewRef(PyDict_GetItemWithError(settings, self->names.mapping));
    return added->library == NULL || PyUnicode_CheckExact(added->library);
}

/* Whether a part of a location is missing, or a number of at most so many degrees. */
static int
is_on_earth(PyObject *payload, PyObject *name, double most)
{
    PyObject *value = PyDict_GetItemWithError(payload, name);
    if (is_none(value))
        return !PyErr_Occurred();
    if (!PyFloat_CheckExact(value) && !PyLong_CheckExact(value))
        return 0;
    double degrees = PyFloat_AsDouble(value);
    if (degrees == -1.0 && PyErr_Occurred()) {
        PyErr_Clear(); /* a whole number beyond all doubles */
        return 0;
    }
    return -most <= degrees && degrees <= most;
}

/* Whether an event has a name, none of those that Amplitude keeps for itself, and a place on earth if it has one. */
static int
has_usual_type_and_place(UsualRequest *self, PyObject *payload)
{
    PyObject *name = PyDict_GetItemWithError(payload, self->names.event_type);
    return name != NULL && PyUnicode_CheckExact(name) && PyDict_Contains(self->reserved, name) == 0 &&
           is_on_earth(payload, self->names.location_lat, 90) && is_on_earth(payload, self->names.location_lng, 180);
}

/* Whether IDs may have the usual length, and checks find nothing wrong with the owner, the name and the place of an event. */
int
is_usual_event(UsualRequest *self, PyObject *payload, PyObject *min_id_length)
{
    return min_id_length == Py_None &&
           (!self->checks || (has_usual_type_and_place(self, payload) && has_usual_owner(self, payload)));
}

int
find_endpoint(UsualRequest *self, PyObject *is_batch, Added *added)
{
    added->url = is_batch == Py_True ? self->batch_url : self->url;
    return is_batch == Py_None || PyBool_Check(is_batch);
}

int
find_platform(UsualRequest *self, PyObject *payload, PyObject *library, Added *added)
{
    PyObject *platform = PyDict_GetItemWithError(payload, self->names.platform);
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

/* Whether a payload and all that is added to it surely fit, as `surely_fits` says of what is made here. */
int
fits(UsualRequest *self, PyObject *payload, const Added *added, Limits *limits)
{
    PyObject *values[] = {added->platform, added->library, added->revenue};
    if ((limits->bytes -= ROOM_FOR_ADDED) < 0 || !is_written(payload, limits, self->levels - 1))
        return 0;
    for (int i = 0; i < 3; i++)
        if (values[i] != NULL && !is_written(values[i], limits, 0))
            return 0;
    return (added->operations == NULL || is_written(added->operations, limits, self->levels - 2)) &&
           (added->device == NULL || is_written(added->device, limits, self->levels - 1));
}

int
set_field(PyObject *payload, PyObject *name, PyObject *value)
{
    return value == NULL ? 0 : PyDict_SetItem(payload, name, value);
}

/* Puts into a payload all that is added but the device, in the order in which Python does. */
int
add_all(UsualRequest *self, PyObject *payload, const Added *added)
{
    if (set_field(payload, self->names.platform, added->platform) < 0 ||
        set_field(payload, self->names.session_id, added->session_id) < 0 ||
        set_field(payload, self->names.time, added->time) < 0 ||
        set_field(payload, self->names.user_properties, added->operations) < 0)
        return -1;
    return set_field(payload, self->names.library, added->library);
}

/* Puts into a payload what the device says and the payload does not. */
int
add_device(PyObject *payload, const Added *added)
{
    return added->device == NULL ? 0 : PyDict_Merge(payload, added->device, 0);
}

/* A list with one request, whose body is an object or a form; the other is None. */
PyObject *
list_of_request(UsualRequest *self, PyObject *url, PyObject *json, PyObject *form)
{
    PyObject *of_request[] = {self->mapping, self->action, self->names.POST, url, json, form};
    PyObject *requests = PyList_New(1);
    PyObject *request = requests == NULL ? NULL : PyObject_Vectorcall(self->request, of_request, 6, NULL);
    if (request == NULL)
        Py_CLEAR(requests);
    else
        PyList_SET_ITEM(requests, 0, request);
    return requests;
}

/* A list with the request of some events. */
PyObject *
list_of_body(UsualRequest *self, PyObject *url, PyObject *events)
{
    PyObject *body = PyDict_New(), *requests = NULL;
    if (body != NULL && PyDict_SetItem(body, self->names.api_key, self->key) == 0 &&
        PyDict_SetItem(body, self->names.events, events) == 0)
        requests = list_of_request(self, url, body, Py_None);
    Py_XDECREF(body);
    return requests;
}

PyObject *
usual_request_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    UsualRequest *self = (UsualRequest *)callable;
    PyObject *given[MOST_ARGUMENTS], *requests = NULL;
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    if (self->build == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "what makes requests is being taken apart");
        return NULL;
    }
    if (count < 1 || count > self->usual->arguments || (kwnames != NULL && PyTuple_GET_SIZE(kwnames) != 0))
        return PyObject_Vectorcall(self->build, args, nargsf, kwnames);
    for (Py_ssize_t i = 0; i < self->usual->arguments; i++)
        given[i] = i < count ? args[i] : Py_None;
    Added added = {0};
    int is_usual = PyDict_CheckExact(given[0]) && self->usual->find(self, given, &added) && !PyErr_Occurred();
    if (is_usual)
        requests = self->usual->make(self, given, &added);
    Py_XDECREF(added.platform);
    Py_XDECREF(added.session_id);
    Py_XDECREF(added.time);
    Py_XDECREF(added.operations);
    Py_XDECREF(added.library);
    Py_XDECREF(added.device);
    Py_XDECREF(added.revenue);
    if (is_usual || (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)))
        return requests;
    PyErr_Clear(); /* Python raises it again, from lines of its own. */
    return PyObject_Vectorcall(self->build, args, nargsf, kwnames);
}
