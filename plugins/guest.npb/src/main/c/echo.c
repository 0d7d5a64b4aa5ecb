// Sends back what it is sent, until a q.
#include "guest.h"

int guest_main(const char *arguments)
{
    (void) arguments;
    print("Echo until q\n");
    for (;;) {
        char c = console_read();
        console_write(c == '\r' ? '\n' : c);
        if (c == 'q') {
            print("\n");
            return print_verification(true);
        }
    }
}
