/* Reads a time in the one form that JavaScript writes; any other is None here, and read in Python. */

#include "table.h"

/* The number that some digits are, -1 where one is no digit. */
static inline int
digits(const Py_UCS1 *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Days from 1970 to a date of our calendar, whose year begins here with March: then the leap day is its last. */
static inline long long
days_since_1970(int year, int month, int day)
{
    year -= month <= 2;
    month = (month + 9) % 12;
    return 365LL * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719468;
}

int
read_iso_time(PyObject *value, long long *milliseconds)
{
    static const signed char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!PyUnicode_CheckExact(value) || PyUnicode_GET_LENGTH(value) != 24 || !PyUnicode_IS_ASCII(value))
        return 0;
    const Py_UCS1 *text = PyUnicode_1BYTE_DATA(value);
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
        text[23] != 'Z')
        return 0;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    int hour = digits(text + 11, 2), minute = digits(text + 14, 2), second = digits(text + 17, 2);
    int millisecond = digits(text + 20, 3);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1] || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59 || millisecond < 0)
        return 0;
    if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return 0;
    long long hours = days_since_1970(year, month, day) * 24 + hour;
    *milliseconds = ((hours * 60 + minute) * 60 + second) * 1000 + millisecond;
    return 1;
}

PyObject *
iso_milliseconds(PyObject *module, PyObject *value)
{
    long long milliseconds;
    if (!read_iso_time(value, &milliseconds))
        Py_RETURN_NONE;
    return PyLong_FromLongLong(milliseconds);
}
