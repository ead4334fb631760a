/* Two faults that sanitizers must report. They prove that a run without reports has looked. */

#include <limits.h>
#include <stdlib.h>

int
read_after_free(int index)
{
    char *volatile text = calloc(8, 1);
    free(text);
    return text[index];
}

int
overflow(int number)
{
    return INT_MAX - 1 + number;
}
