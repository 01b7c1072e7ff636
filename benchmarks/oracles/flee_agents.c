/* Flee 3.1's process, agent by agent: every agent decides in order of age, then every agent travels in that order, and
 * each sees the counts of its moment. Built and called by flee_agents.py; P places, L links sorted by source, T days,
 * E epochs. Random numbers are those of xoshiro256** (Blackman and Vigna 2018). */
#include <stdint.h>
#include <stdlib.h>

#define MOST_LINKS 64

typedef struct {
    int at, link; /* link -1 = at a place */
    double covered;
    char turned;
} Agent;

typedef struct {
    int places, links, days, epochs;
    const int *epoch_day;
    const double *move, *weight;       /* [E, P], [E, L] */
    const uint8_t *camp, *opened;      /* [E, P], [E, L] */
    const int *source, *target, *begin; /* [L], [L], [P + 1] */
    const double *km, *capacity;       /* [L], [P]; below 1 = no limit */
    double buffer, speed;
    const double *arising;             /* [T, P] weights of where people arise */
    const int64_t *number, *start;     /* [T], [P] */
} Case;

static uint64_t state[4];
static int64_t *here;
static const double *move, *weight;
static const uint8_t *camp;

static uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static double uniform(void) {
    uint64_t found = rotated(state[1] * 5, 7) * 9, t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotated(state[3], 45);
    return (double)(found >> 11) * 0x1.0p-53;
}

static void seeded(uint64_t x) {
    for (int i = 0; i < 4; i++) { /* splitmix64 */
        uint64_t z = (x += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        state[i] = z ^ (z >> 31);
    }
}

static int chosen(const double *w, int n, double total) {
    double u = uniform() * total;
    int j = 0;
    for (; j < n - 1; j++)
        if ((u -= w[j]) < 0) break;
    return j;
}

static double room(const Case *c, int q) {
    if (c->capacity[q] < 1) return 1.0;
    double r = (1 - here[q] / c->capacity[q]) / (1 - c->buffer);
    return r < 0 ? 0 : r > 1 ? 1 : r;
}

static void decide(const Case *c, Agent *a) {
    double w[MOST_LINKS], total = 0;
    int id[MOST_LINKS], n = 0;
    if (uniform() >= move[a->at]) return;
    for (int k = c->begin[a->at]; k < c->begin[a->at + 1]; k++)
        if (weight[k] > 0) {
            id[n] = k;
            total += w[n++] = weight[k] * room(c, c->target[k]);
        }
    if (!n) return;
    int k = id[total > 0 ? chosen(w, n, total) : (int)(uniform() * n)];
    if (camp[c->target[k]] && room(c, c->target[k]) < 0.5) return;
    here[a->at]--;
    a->link = k;
    a->covered = 0;
}

static void travel(const Case *c, Agent *a) {
    double today = 0;
    while (a->link >= 0) {
        int k = a->link;
        a->covered += c->speed;
        today += c->speed;
        if (a->covered <= c->km[k]) return;
        today += c->km[k] - a->covered;
        a->link = -1;
        a->at = a->turned ? c->source[k] : c->target[k];
        here[a->at]++;
        if (a->turned || today >= c->speed) {
            a->turned = 0;
            return;
        }
        decide(c, a);
    }
}

/* Run once; counts [T, P] at the end of each day. Returns 0, or -1 without memory. */
int run(const Case *c, uint64_t seed, int32_t *counts) {
    int64_t people = 0, most = 1;
    int epoch = -1, P = c->places;
    for (int p = 0; p < P; p++) most += c->start[p];
    for (int t = 0; t < c->days; t++) most += c->number[t];
    Agent *all = malloc(most * sizeof *all);
    here = calloc(P, sizeof *here);
    if (!all || !here) return -1;
    seeded(seed);
    for (int p = 0; p < P; p++)
        for (int64_t i = 0; i < c->start[p]; i++, here[p]++) all[people++] = (Agent){p, -1, 0, 0};
    for (int t = 0; t < c->days; t++) {
        if (epoch + 1 < c->epochs && c->epoch_day[epoch + 1] == t) {
            epoch++;
            move = c->move + (size_t)epoch * P;
            camp = c->camp + (size_t)epoch * P;
            weight = c->weight + (size_t)epoch * c->links;
            for (int64_t i = 0; i < people; i++)
                if (all[i].link >= 0 && !c->opened[(size_t)epoch * c->links + all[i].link]) all[i].turned = 1;
        }
        const double *arising = c->arising + (size_t)t * P;
        double total = 0;
        for (int p = 0; p < P; p++) total += arising[p];
        for (int64_t i = 0; total > 0 && i < c->number[t]; i++) {
            int p = chosen(arising, P, total);
            all[people++] = (Agent){p, -1, 0, 0};
            here[p]++;
        }
        for (int64_t i = 0; i < people; i++)
            if (all[i].link < 0) decide(c, all + i);
        for (int64_t i = 0; i < people; i++) travel(c, all + i);
        for (int p = 0; p < P; p++) counts[(size_t)t * P + p] = (int32_t)here[p];
    }
    free(all);
    free(here);
    return 0;
}
