/* The type of what makes the request of a usual event. */

#include "usual_event.h"

static int
intern_names(UsualEvent *self)
{
#define INTERN(name) \
    if ((self->names.name = PyUnicode_InternFromString(#name)) == NULL) \
        return -1;
    NAMES(INTERN)
    if ((self->names.set = PyUnicode_InternFromString("$set")) == NULL)
        return -1;
    return (self->names.set_once = PyUnicode_InternFromString("$setOnce")) == NULL ? -1 : 0;
}

/* UsualEvent(build, constants): `build` answers to every other event; usual_event.py gives the constants. */
static PyObject *
usual_event_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *build, *constants;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "a usual event has no arguments by name");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OO!", &build, &PyTuple_Type, &constants))
        return NULL;
    UsualEvent *self = (UsualEvent *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->vectorcall = usual_event_call;
    self->build = Py_NewRef(build);
    self->constants = Py_NewRef(constants);
    self->limits = (Limits){.left = MOST_VALUES};
    if (!PyArg_ParseTuple(
            constants, "OUUUUUO!O!OO!O!O!O!pnnnnLL", &self->request, &self->mapping, &self->action, &self->url,
            &self->batch_url, &self->key, &PyDict_Type, &self->platforms, &PyDict_Type, &self->agents, &self->device_of, &PyDict_Type, &self->reserved, &PyTuple_Type, &self->ids,
            &PyTuple_Type, &self->first, &PyTuple_Type, &self->last, &self->checks, &self->limits.bytes,
            &self->limits.longest, &self->levels, &self->shortest_id, &self->first_session, &self->last_session) ||
        intern_names(self) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static int
usual_event_traverse(UsualEvent *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->build);
    Py_VISIT(self->constants);
    return 0;
}

static int
usual_event_clear(UsualEvent *self)
{
    Py_CLEAR(self->build);
    Py_CLEAR(self->constants);
    return 0;
}

static void
usual_event_dealloc(UsualEvent *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    usual_event_clear(self);
#define LET_GO(name) Py_XDECREF(self->names.name);
    NAMES(LET_GO)
    Py_XDECREF(self->names.set);
    Py_XDECREF(self->names.set_once);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

CALLABLE_TYPE(usual_event, UsualEvent, build, "Makes the request of a usual event; a function answers to every other.");
