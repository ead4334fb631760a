/* What the requests of usual events and users have in common. */

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

/* Puts what a client hint says in place of what the user agent says; 0 for an exception. */
static int
put_hint(PyObject *device, PyObject *name, PyObject *hints, PyObject *hint)
{
    PyObject *value = PyDict_GetItemWithError(hints, hint);
    return is_none(value) ? !PyErr_Occurred() : PyDict_SetItem(device, name, value) == 0;
}

/* The remembered properties of a user agent, with those of the client hints; NULL where it is not remembered. */
static PyObject *
remembered_device(UsualRequest *self, PyObject *user_agent, PyObject *hints)
{
    PyObject *device = PyDict_GetItemWithError(self->agents, user_agent);
    if (device == NULL || is_empty(hints))
        return Py_XNewRef(device);
    if ((device = PyDict_Copy(device)) != NULL &&
        !(put_hint(device, self->names.os_version, hints, self->names.platformVersion) &&
          put_hint(device, self->names.device_model, hints, self->names.model)))
        Py_CLEAR(device);
    return device;
}

/* The properties of the device: those of a remembered user agent, else those that Python finds. `agent` holds the user
   agent, whether it is parsed, whether it is sent itself, and the client hints. */
int
find_device(UsualRequest *self, PyObject *const *agent, Added *added)
{
    PyObject *user_agent = agent[0], *is_parsed = agent[1], *is_raw = agent[2], *hints = agent[3];
    if (user_agent == Py_None)
        return 1;
    if (!PyUnicode_CheckExact(user_agent))
        return 0;
    if (PyUnicode_GET_LENGTH(user_agent) == 0)
        return 1;
    if (is_parsed == Py_True && (is_raw == Py_False || is_raw == Py_None) && (hints == Py_None || PyDict_CheckExact(hints)))
        added->device = remembered_device(self, user_agent, hints);
    if (added->device == NULL && PyErr_Occurred())
        return 0;
    if (added->device == NULL)
        added->device = PyObject_Vectorcall(self->device_of, agent, 4, NULL);
    if (added->device == Py_None)
        Py_CLEAR(added->device);
    else if (added->device == NULL || !PyDict_CheckExact(added->device))
        return 0;
    return 1;
}

/* Whether all values that are sent surely fit, as `surely_fits` says of what is made here. */
int
fits(UsualRequest *self, PyObject *payload, const Added *added)
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

static int
set_field(PyObject *payload, PyObject *name, PyObject *value)
{
    return value == NULL ? 0 : PyDict_SetItem(payload, name, value);
}

/* Puts all that is added into a payload, in the order in which Python does. */
int
add_all(UsualRequest *self, PyObject *payload, const Added *added)
{
    if (set_field(payload, self->names.platform, added->platform) < 0 ||
        set_field(payload, self->names.session_id, added->session_id) < 0 ||
        set_field(payload, self->names.time, added->time) < 0 ||
        set_field(payload, self->names.user_properties, added->operations) < 0 ||
        set_field(payload, self->names.library, added->library) < 0)
        return -1;
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
        requests = self->usual->make(self, given[0], &added);
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
