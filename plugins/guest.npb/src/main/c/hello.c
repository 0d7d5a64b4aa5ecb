#include "guest.h"

int guest_main(const char *arguments)
{
    print("Hello from Tidemark\n");
    print("Arguments: %s\n", arguments);
    return print_verification(true);
}
