// name=value words, separated by spaces.
#include "guest.h"

enum { BAD_ARGUMENT_EXIT_CODE = 3 };

static const char *value_of(const char *arguments, const char *name)
{
    while (*arguments) {
        const char *n = name;
        while (*n && *arguments == *n) {
            arguments++;
            n++;
        }
        if (*n == 0 && *arguments == '=') {
            return arguments + 1;
        }
        while (*arguments && *arguments != ' ') {
            arguments++;
        }
        while (*arguments == ' ') {
            arguments++;
        }
    }
    return NULL;
}

uint64_t number_argument(const char *arguments, const char *name, uint64_t otherwise, uint64_t most)
{
    const char *text = value_of(arguments, name);
    if (text == NULL) {
        return otherwise;
    }
    uint64_t number = 0;
    const char *at = text;
    while (*at >= '0' && *at <= '9' && number <= most) {
        number = 10 * number + (uint64_t) (*at++ - '0');
    }
    if (at == text || (*at && *at != ' ') || number > most) {
        print("%s must be a number from 0 to %lu, in: %s\n", name, most, arguments);
        power_off(BAD_ARGUMENT_EXIT_CODE);
    }
    return number;
}

bool has_argument(const char *arguments, const char *name, const char *value)
{
    const char *text = value_of(arguments, name);
    if (text == NULL) {
        return false;
    }
    while (*value && *text == *value) {
        text++;
        value++;
    }
    return *value == 0 && (*text == 0 || *text == ' ');
}
