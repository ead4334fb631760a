/* The type of what makes the request of a usual event, order or user. */

#include "request.h"

static int
intern_names(UsualRequest *self)
{
#define INTERN(name) \
    if ((self->names.name = PyUnicode_InternFromString(#name)) == NULL) \
        return -1;
    NAMES(INTERN)
    if ((self->names.set = PyUnicode_InternFromString("$set")) == NULL ||
        (self->names.line = PyUnicode_InternFromString("Product Purchased")) == NULL)
        return -1;
    return (self->names.set_once = PyUnicode_InternFromString("$setOnce")) == NULL ? -1 : 0;
}

/* Whether the names of the first and the last touch are as many texts. */
static int
are_names(PyObject *first, PyObject *last)
{
    int are_texts = PyTuple_GET_SIZE(first) == PyTuple_GET_SIZE(last);
    for (Py_ssize_t i = 0; are_texts && i < PyTuple_GET_SIZE(first); i++)
        are_texts = PyUnicode_CheckExact(PyTuple_GET_ITEM(first, i)) && PyUnicode_CheckExact(PyTuple_GET_ITEM(last, i));
    if (!are_texts)
        PyErr_SetString(PyExc_TypeError, "expected as many names of first touches as of last touches");
    return are_texts;
}

/* UsualRequest(build, constants): `build` answers to every other payload; __init__.py gives the constants. */
static PyObject *
usual_request_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *build, *constants;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "a usual request takes no named arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OO!", &build, &PyTuple_Type, &constants))
        return NULL;
    UsualRequest *self = (UsualRequest *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->vectorcall = usual_request_call;
    self->build = Py_NewRef(build);
    self->constants = Py_NewRef(constants);
    self->limits = (Limits){.left = MOST_VALUES};
    static const Usual *const usuals[] = {&usual_event, &usual_order, &usual_user};
    int number;
    if (!PyArg_ParseTuple(
            constants, "iOUUUUUO!O!OOO!O!O!O!ppnnnnLL", &number, &self->request, &self->mapping, &self->action, &self->url,
            &self->batch_url, &self->key, &PyDict_Type, &self->platforms, &PyDict_Type, &self->agents, &self->device_of,
            &self->encode, &PyDict_Type, &self->reserved, &PyTuple_Type, &self->ids, &PyTuple_Type, &self->first,
            &PyTuple_Type, &self->last, &self->checks, &self->folds, &self->limits.bytes, &self->limits.longest,
            &self->levels, &self->shortest_id, &self->first_session, &self->last_session) ||
        !are_names(self->first, self->last) || intern_names(self) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    if (number < 0 || number > 2) {
        Py_DECREF(self);
        return PyErr_Format(PyExc_ValueError, "there is no usual request %d", number);
    }
    self->usual = usuals[number];
    return (PyObject *)self;
}

static int
usual_request_traverse(UsualRequest *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->build);
    Py_VISIT(self->constants);
    return 0;
}

static int
usual_request_clear(UsualRequest *self)
{
    Py_CLEAR(self->build);
    Py_CLEAR(self->constants);
    return 0;
}

static void
usual_request_dealloc(UsualRequest *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    usual_request_clear(self);
#define LET_GO(name) Py_XDECREF(self->names.name);
    NAMES(LET_GO)
    Py_XDECREF(self->names.set);
    Py_XDECREF(self->names.set_once);
    Py_XDECREF(self->names.line);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

CALLABLE_TYPE(usual_request, UsualRequest, build, "Makes the request of a usual event, order or user; a function answers to every other.");
