#include "guest.h"

int print_verification(bool successful)
{
    print(" Verification    = %24s\n", successful ? "SUCCESSFUL" : "UNSUCCESSFUL");
    return successful ? 0 : 1;
}
