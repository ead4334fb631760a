/* What makes the request of a usual event, order or user: its constants, which are known before any event. */

#ifndef RULEWRIGHT_USUAL_REQUEST_H
#define RULEWRIGHT_USUAL_REQUEST_H

#include "../../../native/table.h"

/* Keys and texts, interned: `NAMES(as)` calls `as` with the name of each. */
#define NAMES(name) \
    name(platform) name(session_id) name(time) name(event_type) name(user_properties) name(groups) name(library) name(behavior) \
        name(mapping) name(api_key) name(events) name(identification) name(POST) name(Web) name(segment) name(referrer) \
        name(utm_properties) name(initial_referrer) name(os_version) name(platformVersion) name(device_model) name(model) \
        name(revenue) name(revenueType) name(quantity) name(price) name(productId) name(Purchase) name(event_properties) \
        name(insert_id) name(location_lat) name(location_lng)
#define AS_MEMBER(name) PyObject *name;

#define MOST_ARGUMENTS 24

/* What is added to an event, an order or a user: references, or NULL for nothing. */
typedef struct {
    PyObject *platform, *session_id, *time, *operations, *library, *device, *revenue, *url;
} Added;

typedef struct UsualRequest UsualRequest;

/* How the request of an action is made: `find` says what is added to a usual payload, and gives 0 for any other and for an
   exception; `make` adds it, and gives a new list of requests. */
typedef struct {
    Py_ssize_t arguments; /* of the function that answers to the others */
    int (*find)(UsualRequest *self, PyObject *const *given, Added *added);
    PyObject *(*make)(UsualRequest *self, PyObject *const *given, const Added *added);
} Usual;

struct UsualRequest {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    const Usual *usual;
    PyObject *build;     /* answers to every other event */
    PyObject *constants; /* a tuple, by which all that follows is held */
    PyObject *request, *mapping, *action, *url, *batch_url, *key, *platforms, *agents, *device_of, *encode, *reserved, *ids;
    PyObject *first, *last; /* the names of the first and the last touch, in the same order */
    int checks, folds;
    Limits limits;
    Py_ssize_t levels, shortest_id;
    long long first_session, last_session;
    struct {
        NAMES(AS_MEMBER) PyObject *set, *set_once, *line;
    } names;
};

/* Of event.c, order.c and user.c. */
extern const Usual usual_event, usual_order, usual_user;

/* Of parts.c. */
PyObject *usual_request_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames);
int has_sign(PyObject *properties);
int is_usual_event(UsualRequest *self, PyObject *payload, PyObject *min_id_length);
int has_usual_owner(UsualRequest *self, PyObject *payload);
int find_endpoint(UsualRequest *self, PyObject *is_batch, Added *added);
int find_platform(UsualRequest *self, PyObject *payload, PyObject *library, Added *added);
int find_times(UsualRequest *self, PyObject *session_id, PyObject *time, Added *added);
int find_library(UsualRequest *self, PyObject *settings, Added *added);
int fits(UsualRequest *self, PyObject *payload, const Added *added, Limits *limits);
int set_field(PyObject *payload, PyObject *name, PyObject *value);
int add_all(UsualRequest *self, PyObject *payload, const Added *added);
int add_device(PyObject *payload, const Added *added);
PyObject *list_of_request(UsualRequest *self, PyObject *url, PyObject *json, PyObject *form);
PyObject *list_of_body(UsualRequest *self, PyObject *url, PyObject *events);

/* Of device.c. */
int find_device(UsualRequest *self, PyObject *const *agent, Added *added);

/* Of touches.c. */
int find_touches(UsualRequest *self, PyObject *payload, PyObject *utm, PyObject *referrer, int folds, Added *added);

static inline int
is_none(PyObject *value)
{
    return value == NULL || value == Py_None;
}

/* Whether a value is None or an object without keys. */
static inline int
is_empty(PyObject *value)
{
    return is_none(value) || (PyDict_CheckExact(value) && PyDict_GET_SIZE(value) == 0);
}

#endif
