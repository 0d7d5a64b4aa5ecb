// The loop of a bytecode interpreter: a stack machine that counts the steps of Collatz sequences.
#include "kernel.h"

enum { STARTS = 5000, STACK = 8, LOCALS = 4 };

enum operation { PUSH, LOAD, STORE, ADD, MULTIPLY, HALVE, IS_ODD, LESS, JUMP, JUMP_IF, JUMP_UNLESS, END };

enum local { START, NUMBER, STEPS, FIRST_NOT };

enum place { NEXT_SEQUENCE = 4, NEXT_STEP = 15, ODD = 41, DONE = 53, FINISH = 62 };

static const uint8_t PROGRAM[] = {
    PUSH, 1, STORE, START,
    [NEXT_SEQUENCE] = LOAD, START, LOAD, FIRST_NOT, LESS, JUMP_UNLESS, FINISH,
    LOAD, START, STORE, NUMBER,
    [NEXT_STEP] = PUSH, 1, LOAD, NUMBER, LESS, JUMP_UNLESS, DONE,
    LOAD, STEPS, PUSH, 1, ADD, STORE, STEPS,
    LOAD, NUMBER, IS_ODD, JUMP_IF, ODD,
    LOAD, NUMBER, HALVE, STORE, NUMBER, JUMP, NEXT_STEP,
    [ODD] = LOAD, NUMBER, PUSH, 3, MULTIPLY, PUSH, 1, ADD, STORE, NUMBER, JUMP, NEXT_STEP,
    [DONE] = LOAD, START, PUSH, 1, ADD, STORE, START, JUMP, NEXT_SEQUENCE,
    [FINISH] = END,
};

struct machine {
    uint64_t locals[LOCALS];
    uint64_t stack[STACK];
    uint64_t executed;
};

const uint64_t kernel_bytes = sizeof(struct machine);

__attribute__((noinline)) static void run(struct machine *machine, const uint8_t *program)
{
    const uint8_t *pc = program;
    uint64_t *top = machine->stack;     /* the first free place */
    uint64_t executed = 0;
    for (;;) {
        executed++;
        switch ((enum operation) *pc++) {
        case PUSH:
            *top++ = *pc++;
            break;
        case LOAD:
            *top++ = machine->locals[*pc++];
            break;
        case STORE:
            machine->locals[*pc++] = *--top;
            break;
        case ADD:
            top--;
            top[-1] += top[0];
            break;
        case MULTIPLY:
            top--;
            top[-1] *= top[0];
            break;
        case HALVE:
            top[-1] >>= 1;
            break;
        case IS_ODD:
            top[-1] &= 1;
            break;
        case LESS:
            top--;
            top[-1] = top[-1] < top[0];
            break;
        case JUMP:
            pc = program + *pc;
            break;
        case JUMP_IF:
            pc = *--top ? program + *pc : pc + 1;
            break;
        case JUMP_UNLESS:
            pc = *--top ? pc + 1 : program + *pc;
            break;
        case END:
            machine->executed = executed;
            return;
        }
    }
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct machine *machine = memory;
    for (int i = 0; i < LOCALS; i++) {
        machine->locals[i] = 0;
    }
    machine->locals[FIRST_NOT] = 1 + share(STARTS, percent);
    run(machine, PROGRAM);
    return digest(machine->locals[STEPS], machine->executed);
}
