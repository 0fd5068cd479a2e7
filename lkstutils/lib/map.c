// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * map.c - open addressing, at most three quarters full.
 *
 * What calloc() gives is not written to, but a page that is read before it is written to has to be exchanged for
 * another one then, and for that the kernel stops the CPU of the program's other thread.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "map.h"

static size_t place(const struct lkst_map *map, lkst_u64 key)
{
	size_t i = (size_t)lkst_hash64(key) & (map->size - 1);

	while (map->used[i] && map->slot[i].key != key)
		i = (i + 1) & (map->size - 1);
	return i;
}

static void grow(struct lkst_map *map)
{
	struct lkst_map old = *map;
	size_t i, to;

	map->size = old.size ? 2 * old.size : 64;
	map->slot = lkst_xrealloc(NULL, map->size * sizeof(*map->slot));
	map->used = memset(lkst_xrealloc(NULL, map->size), 0, map->size);
	for (i = 0; i < old.size; i++)
		if (old.used[i]) {
			to = place(map, old.slot[i].key);
			map->used[to] = 1;
			map->slot[to] = old.slot[i];
		}
	free(old.slot);
	free(old.used);
}

lkst_u64 *lkst_map_find(const struct lkst_map *map, lkst_u64 key)
{
	size_t i;

	if (!map->size)
		return NULL;
	i = place(map, key);
	return map->used[i] ? &map->slot[i].value : NULL;
}

lkst_u64 *lkst_map_add(struct lkst_map *map, lkst_u64 key, int *is_new)
{
	size_t i;

	if (map->count * 4 >= map->size * 3)
		grow(map);
	i = place(map, key);
	if (is_new)
		*is_new = !map->used[i];
	if (!map->used[i]) {
		map->used[i] = 1;
		map->slot[i].key = key;
		map->slot[i].value = 0;
		map->count++;
	}
	return &map->slot[i].value;
}

void lkst_map_free(struct lkst_map *map)
{
	free(map->slot);
	free(map->used);
	memset(map, 0, sizeof(*map));
}
