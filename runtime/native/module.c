/* The module: a table of copies, a usual event, and questions about values. Without it (see __init__.py) all is the same, but slower. */

#include "table.h"

static PyMethodDef functions[] = {
    {"iso_milliseconds", iso_milliseconds, METH_O, PyDoc_STR("As `iso_milliseconds` of dates.py.")},
    {"is_plain", (PyCFunction)(void (*)(void))is_plain, METH_FASTCALL, PyDoc_STR("As `is_plain` of plain.py.")},
    {"is_json", is_json, METH_O, PyDoc_STR("As `is_json` of plain.py.")},
    {"surely_fits", (PyCFunction)(void (*)(void))surely_fits, METH_FASTCALL, PyDoc_STR("Of plain.py.")},
    {"holds_false", (PyCFunction)(void (*)(void))holds_false, METH_FASTCALL, PyDoc_STR("As `holds_false` of opt_outs.py.")},
    {"has_only", (PyCFunction)(void (*)(void))has_only, METH_FASTCALL, PyDoc_STR("As `has_only` of object_keys.py.")},
    {"add_missing", (PyCFunction)(void (*)(void))add_missing, METH_FASTCALL, PyDoc_STR("As `add_missing` of object_keys.py.")},
    {"ascii_form", ascii_form, METH_O, PyDoc_STR("Of form_encoding.py.")},
    {"surely_has_ids", (PyCFunction)(void (*)(void))surely_has_ids, METH_FASTCALL, PyDoc_STR("Of object_keys.py.")},
    {NULL},
};

static int
add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int done = type == NULL ? -1 : PyModule_AddObjectRef(module, name, type);
    Py_XDECREF(type);
    return done;
}

static int
add_types(PyObject *module)
{
    if (add_type(module, "Table", &table_spec) < 0 || add_type(module, "UsualRequest", &usual_request_spec) < 0 ||
        PyModule_AddIntConstant(module, "MOST_NODES", MOST_NODES) < 0)
        return -1;
    return PyModule_AddIntConstant(module, "MOST_RESULTS", MOST_RESULTS);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, add_types},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", PyDoc_STR("What is worth C; see __init__.py."), 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
