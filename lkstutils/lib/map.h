/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * map.h - a hash table from 64-bit keys to 64-bit values that only grows.
 */
#ifndef LKST_MAP_H
#define LKST_MAP_H

#include <stddef.h>
#include <lkst/types.h>

struct lkst_map_slot {
	lkst_u64 key;
	lkst_u64 value;
};

/* All zero is an empty map. */
struct lkst_map {
	struct lkst_map_slot *slot;
	unsigned char *used;
	size_t size;		/* a power of 2, or 0 */
	size_t count;
};

/* Keys are addresses, pids and small numbers: multiply, take the high bits (Knuth, vol. 3, 6.4). */
static inline lkst_u64 lkst_hash64(lkst_u64 key)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15ULL;
	return key ^ key >> 29;
}

/**
 * lkst_map_find - look a key up
 * @map: any map
 * @key: any number
 *
 * Return: where its value stands until the next lkst_map_add(), NULL when it is not there.
 */
lkst_u64 *lkst_map_find(const struct lkst_map *map, lkst_u64 key);

/**
 * lkst_map_add - look a key up, put it in with value 0 when it is not there
 * @map: any map
 * @key: any number
 * @is_new: set to 1 or 0; may be NULL
 *
 * Return: where its value stands until the next lkst_map_add().
 */
lkst_u64 *lkst_map_add(struct lkst_map *map, lkst_u64 key, int *is_new);

/**
 * lkst_map_free - give the memory back; the map is empty then
 * @map: any map
 */
void lkst_map_free(struct lkst_map *map);

#endif
