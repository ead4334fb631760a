/* What makes the request of a usual event: its constants, which are known before any event. */

#ifndef RULEWRIGHT_USUAL_EVENT_H
#define RULEWRIGHT_USUAL_EVENT_H

#include "../../native/table.h"

/* Keys and texts, interned: `NAMES(as)` calls `as` with the name of each. */
#define NAMES(name) \
    name(platform) name(session_id) name(time) name(event_type) name(user_properties) name(groups) name(library) name(behavior) \
        name(mapping) name(api_key) name(events) name(POST) name(Web) name(os_version) name(platformVersion) \
        name(device_model) name(model)
#define AS_MEMBER(name) PyObject *name;

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *build;     /* answers to every other event */
    PyObject *constants; /* a tuple, by which all that follows is held */
    PyObject *request, *mapping, *action, *url, *batch_url, *key, *platforms, *agents, *device_of, *reserved, *ids, *first, *last;
    int checks;
    Limits limits;
    Py_ssize_t levels, shortest_id;
    long long first_session, last_session;
    struct {
        NAMES(AS_MEMBER) PyObject *set, *set_once;
    } names;
} UsualEvent;

/* Of usual_event.c. */
PyObject *usual_event_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames);

#endif
