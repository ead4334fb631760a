/* The properties of the device that sent a usual event. */

#include "request.h"

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
