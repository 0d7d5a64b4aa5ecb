// The sieve of Eratosthenes, a byte for each number.
#include "kernel.h"

enum { NUMBERS = 2000000, ROUNDS = 3 };

const uint64_t kernel_bytes = NUMBERS;

__attribute__((noinline)) static uint64_t count_primes(uint8_t *is_prime, uint64_t numbers)
{
    for (uint64_t i = 0; i < numbers; i++) {
        is_prime[i] = 1;
    }
    for (uint64_t i = 2; i * i < numbers; i++) {
        if (is_prime[i]) {
            for (uint64_t j = i * i; j < numbers; j += i) {
                is_prime[j] = 0;
            }
        }
    }
    uint64_t primes = 0;
    for (uint64_t i = 2; i < numbers; i++) {
        primes += is_prime[i];
    }
    return primes;
}

uint64_t kernel(void *memory, uint64_t percent)
{
    uint64_t sum = 0;
    uint64_t numbers = share(NUMBERS * (uint64_t) ROUNDS, percent);
    for (uint64_t rounds = numbers / NUMBERS; rounds; rounds--) {
        sum = digest(sum, count_primes(memory, NUMBERS));
    }
    return digest(sum, count_primes(memory, numbers % NUMBERS));
}
