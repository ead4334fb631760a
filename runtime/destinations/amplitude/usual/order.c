/* Makes the request of a usual order, as `build` of log_purchase.py does, and leaves any other order to it.

   Everything is looked at before anything is changed, so that Python begins with what C was given. */

#include "request.h"

/* The arguments of `build` in log_purchase.py, by position; a test compares them. */
enum {
    PAYLOAD,
    SESSION_ID,
    TIME,
    PRICE,
    QUANTITY,
    REVENUE,
    PRODUCT_ID,
    REVENUE_TYPE,
    LIBRARY,
    LIBRARY2,
    USE_BATCH_ENDPOINT,
    USER_AGENT,
    USER_AGENT_PARSING,
    INCLUDE_RAW_USER_AGENT,
    USER_AGENT_DATA,
    MIN_ID_LENGTH,
    TRACK_REVENUE_PER_PRODUCT,
    PRODUCTS,
    UTM_PROPERTIES,
    REFERRER,
    ARGUMENTS
};

/* Characters that the insert ID of a line has beyond that of the order; fewer than 1,000 lines fit. */
#define MOST_OF_NUMBER 4

/* More bytes of JSON than the names in a line and the end of its insert ID take. */
#define ROOM_FOR_LINE 256

static int
is_number(PyObject *value)
{
    return value == Py_None || PyFloat_CheckExact(value) || PyLong_CheckExact(value);
}

static int
is_text(PyObject *value)
{
    return value == Py_None || PyUnicode_CheckExact(value);
}

/* The amount of an order. One that a price of zero hides is not usual, because Python notes it. */
static int
find_revenue(PyObject *const *given, Added *added)
{
    PyObject *price = given[PRICE], *quantity = given[QUANTITY], *revenue = given[REVENUE], *amount;
    if (!is_number(price) || !is_number(revenue) || (quantity != Py_None && !PyLong_CheckExact(quantity)) ||
        !is_text(given[PRODUCT_ID]) || !is_text(given[REVENUE_TYPE]))
        return 0;
    if (price != Py_None && quantity != Py_None)
        amount = PyNumber_Multiply(quantity, price);
    else
        amount = Py_NewRef(price != Py_None && revenue == Py_None ? price : revenue);
    if (amount == NULL)
        return 0;
    if (PyObject_IsTrue(amount)) {
        added->revenue = amount;
        return 1;
    }
    Py_DECREF(amount);
    return !PyObject_IsTrue(revenue);
}

/* Whether all events of an order surely fit: its lines, each with a copy of it, and its revenue. */
static int
order_fits(UsualRequest *self, PyObject *const *given, const Added *added)
{
    PyObject *products = given[PRODUCTS], *insert_id = PyDict_GetItemWithError(given[PAYLOAD], self->names.insert_id);
    Py_ssize_t count = products == Py_None ? 0 : PyList_GET_SIZE(products);
    Limits limits = self->limits;
    if (!is_none(insert_id) && PyUnicode_GET_LENGTH(insert_id) + MOST_OF_NUMBER > limits.longest)
        return 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if ((limits.bytes -= ROOM_FOR_LINE) < 0 || !is_written(PyList_GET_ITEM(products, i), &limits, self->levels - 2))
            return 0;
    limits.bytes /= 1 + count;
    for (int i = PRICE; i <= REVENUE_TYPE; i++)
        if (!is_written(given[i], &limits, 0))
            return 0;
    return fits(self, given[PAYLOAD], added, &limits);
}

/* Whether the lines of an order carry no revenue of their own and are not empty, which Python notes, and whether their
   insert IDs begin with text. */
static int
has_usual_lines(UsualRequest *self, PyObject *const *given)
{
    PyObject *products = given[PRODUCTS], *per_product = given[TRACK_REVENUE_PER_PRODUCT];
    PyObject *insert_id = PyDict_GetItemWithError(given[PAYLOAD], self->names.insert_id);
    if (!is_none(insert_id) && !PyUnicode_CheckExact(insert_id))
        return 0;
    if (per_product != Py_None && per_product != Py_False)
        return 0;
    if (products == Py_None)
        return 1;
    if (!PyList_CheckExact(products))
        return 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(products); i++)
        if (is_empty(PyList_GET_ITEM(products, i)))
            return 0;
    return 1;
}

static int
find_order(UsualRequest *self, PyObject *const *given, Added *added)
{
    PyObject *payload = given[PAYLOAD];
    Py_BUILD_ASSERT(ARGUMENTS <= MOST_ARGUMENTS);
    return is_usual_event(self, payload, given[MIN_ID_LENGTH]) && find_endpoint(self, given[USE_BATCH_ENDPOINT], added) &&
           has_usual_lines(self, given) && find_platform(self, payload, given[LIBRARY], added) &&
           find_times(self, given[SESSION_ID], given[TIME], added) && find_library(self, given[LIBRARY2], added) &&
           find_touches(self, payload, given[UTM_PROPERTIES], given[REFERRER], 0, added) && find_revenue(given, added) &&
           find_device(self, given + USER_AGENT, added) &&
           (!self->checks || order_fits(self, given, added));
}

/* A line: the order, but for what is of the product. */
static PyObject *
make_line(UsualRequest *self, PyObject *order, PyObject *insert_id, PyObject *product, Py_ssize_t number)
{
    PyObject *line = PyDict_Copy(order), *own_id = NULL;
    int is_done = line != NULL && PyDict_SetItem(line, self->names.event_properties, product) == 0 &&
                  PyDict_SetItem(line, self->names.event_type, self->names.line) == 0;
    if (is_done && insert_id != NULL && insert_id != Py_None && PyUnicode_GET_LENGTH(insert_id) != 0)
        is_done = (own_id = PyUnicode_FromFormat("%U-%zd", insert_id, number)) != NULL &&
                  PyDict_SetItem(line, self->names.insert_id, own_id) == 0;
    Py_XDECREF(own_id);
    if (!is_done)
        Py_CLEAR(line);
    return line;
}

/* A list with the order and its lines. A collection of garbage may run code, so the products are counted each time. */
static PyObject *
make_events(UsualRequest *self, PyObject *order, PyObject *products)
{
    PyObject *insert_id = PyDict_GetItemWithError(order, self->names.insert_id), *events = PyList_New(1);
    if (events != NULL)
        PyList_SET_ITEM(events, 0, Py_NewRef(order));
    for (Py_ssize_t i = 0; events != NULL && products != Py_None && i < PyList_GET_SIZE(products); i++) {
        PyObject *product = Py_NewRef(PyList_GET_ITEM(products, i));
        PyObject *line = make_line(self, order, insert_id, product, i + 2);
        if (line == NULL || PyList_Append(events, line) < 0)
            Py_CLEAR(events);
        Py_XDECREF(line);
        Py_DECREF(product);
    }
    return events;
}

static int
add_revenue(UsualRequest *self, PyObject *const *given, const Added *added)
{
    PyObject *type = given[REVENUE_TYPE] == Py_None ? self->names.Purchase : given[REVENUE_TYPE];
    PyObject *names[] = {self->names.quantity, self->names.price, self->names.productId};
    PyObject *values[] = {given[QUANTITY], given[PRICE], given[PRODUCT_ID]};
    if (added->revenue == NULL)
        return 0;
    if (set_field(given[PAYLOAD], self->names.revenue, added->revenue) < 0 ||
        set_field(given[PAYLOAD], self->names.revenueType, type) < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        if (values[i] != Py_None && set_field(given[PAYLOAD], names[i], values[i]) < 0)
            return -1;
    return 0;
}

/* The lines are copies of the order without its revenue, and without the properties of the device. */
static PyObject *
make_order_request(UsualRequest *self, PyObject *const *given, const Added *added)
{
    if (add_all(self, given[PAYLOAD], added) < 0)
        return NULL;
    PyObject *events = make_events(self, given[PAYLOAD], given[PRODUCTS]), *requests = NULL;
    if (events != NULL && add_revenue(self, given, added) == 0 && add_device(given[PAYLOAD], added) == 0)
        requests = list_of_body(self, added->url, events);
    Py_XDECREF(events);
    return requests;
}

const Usual usual_order = {ARGUMENTS, find_order, make_order_request};
