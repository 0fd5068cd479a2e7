// SPDX-License-Identifier: GPL-2.0-only
/*
 * find.c - finding functions and names in a whole tree: where a function went that is not in its file any more, and whether
 * a name that is no local variable is there at all.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "find.h"

#define MOVED_ALIKE	60	/* percent: the same name in another file */
#define RENAMED_ALIKE	70	/* percent: another name in the same file */
#define AHEAD		20	/* percent: by so much the best must be ahead of the second */
#define SAME_ALIKE	25	/* percent: below, a function of the same name was rewritten */

struct text *tree_text(struct trees *trees, const char *path)
{
	struct text *t;
	int i;

	for (i = 0; i < trees->nr; i++)
		if (!strcmp(trees->text[i]->path, path))
			return trees->text[i];
	t = text_read(trees->tree, path);
	if (!t)
		return NULL;
	if (trees->nr % 32 == 0)
		trees->text = lkst_xrealloc(trees->text, (unsigned long)(trees->nr + 32) * sizeof(t));
	trees->text[trees->nr++] = t;
	return t;
}

/* ---- walks ---- */

struct walk {
	const char *tree;
	int drivers;
	void (*see)(struct walk *w, const char *path, const char *s, int len);
	const char *name;
	char **path;		/* files that have name( */
	int nr;
	char *words;		/* by interned id: is in a header */
};

/* Folders that a hook for i386 never goes to. */
static int skipped(const struct walk *w, const char *path)
{
	if (!strncmp(path, "arch/", 5))
		return strncmp(path, "arch/i386", 9) || (path[9] && path[9] != '/');
	if (!strncmp(path, "include/asm-", 12))
		return strncmp(path + 12, "i386", 4) && strncmp(path + 12, "generic", 7);
	if (!strncmp(path, "drivers", 7))
		return !w->drivers;
	return !strncmp(path, "sound", 5) || !strncmp(path, "Documentation", 13) || !strncmp(path, "scripts", 7);
}

static void walk(struct walk *w, const char *dir)
{
	char file[4096], path[3000], *s;
	struct dirent *d;
	struct stat st;
	size_t n;
	DIR *open;
	int len;

	snprintf(file, sizeof(file), "%s/%s", w->tree, dir);
	open = opendir(file);
	while (open && (d = readdir(open))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", d->d_name);
		snprintf(file, sizeof(file), "%s/%s", w->tree, path);
		if (lstat(file, &st) || skipped(w, path))
			continue;
		n = strlen(path);
		if (S_ISDIR(st.st_mode)) {
			walk(w, path);
		} else if (S_ISREG(st.st_mode) && n > 2 && path[n - 2] == '.' && (path[n - 1] == 'c' || path[n - 1] == 'h')) {
			s = slurp(file, &len);
			if (s)
				w->see(w, path, s, len);
			free(s);
		}
	}
	if (open)
		closedir(open);
}

static void see_name(struct walk *w, const char *path, const char *s, int len)
{
	size_t n = strlen(w->name);
	const char *p;

	(void)len;
	for (p = strstr(s, w->name); p; p = strstr(p + 1, w->name)) {
		if ((p > s && (isalnum((unsigned char)p[-1]) || p[-1] == '_')) || (p[n] != '(' && p[n] != ' '))
			continue;
		if (w->nr % 64 == 0)
			w->path = lkst_xrealloc(w->path, (unsigned long)(w->nr + 64) * sizeof(char *));
		w->path[w->nr++] = strdup(path);
		return;
	}
}

static void see_words(struct walk *w, const char *path, const char *s, int len)
{
	int i, from, id;

	(void)path;
	for (i = 0; i < len; i++) {
		if (!isalpha((unsigned char)s[i]) && s[i] != '_')
			continue;
		for (from = i; isalnum((unsigned char)s[i]) || s[i] == '_'; i++)
			;
		id = intern(s + from, i - from);
		if (id < 1 << 20)
			w->words[id] = 1;
	}
}

int known_in(const char *tree, const struct text *t, int name)
{
	static struct walk seen[2];
	struct walk *w = NULL;
	int i;

	for (i = 0; i < t->nr_tok; i++)
		if (t->tok[i].id == name)
			return 1;
	for (i = 0; i < 2 && !w; i++)
		if (!seen[i].tree || !strcmp(seen[i].tree, tree))
			w = &seen[i];
	if (!w)
		return 0;
	if (!w->tree) {
		w->tree = tree;
		w->see = see_words;
		w->words = lkst_xmalloc(1 << 20);
		walk(w, "include");
	}
	return name < 1 << 20 && w->words[name];
}

/* ---- functions ---- */

static struct func *only_one(struct text *t, const struct func *f)
{
	struct func *same = NULL, *any = NULL;
	int i, n = 0, m = 0;

	for (i = 0; i < t->nr_func; i++) {
		if (t->func[i].name != f->name)
			continue;
		any = &t->func[i];
		n++;
		if (t->func[i].path == f->path) {
			same = any;
			m++;
		}
	}
	return m == 1 ? same : n == 1 ? any : NULL;
}

static int has_func(const struct text *t, int name)
{
	int i, n = 0;

	for (i = 0; t && i < t->nr_func; i++)
		n += t->func[i].name == name;
	return n;
}

static int find_moved(struct trees *trees, struct text *old, struct func *f, struct text **to, struct func **g, char *why, size_t size)
{
	struct walk w;
	struct text *t;
	struct func *h;
	int i, k, found = 0, alike, best = 0;

	memset(&w, 0, sizeof(w));
	w.tree = trees->tree;
	w.drivers = !strncmp(old->path, "drivers/", 8);
	w.see = see_name;
	w.name = interned(f->name);
	walk(&w, "");
	for (i = 0; i < w.nr; i++) {
		t = strcmp(w.path[i], old->path) ? tree_text(trees, w.path[i]) : NULL;
		for (k = 0; t && k < t->nr_func; k++) {
			h = &t->func[k];
			if (h->name != f->name)
				continue;
			alike = func_alike(old, f, t, h);
			best = alike > best ? alike : best;
			if (alike < MOVED_ALIKE)
				continue;
			found++;
			*to = t;
			*g = h;
		}
		free(w.path[i]);
	}
	free(w.path);
	if (found > 1)
		snprintf(why, size, "%s() is not in its file any more, and in %d others", w.name, found);
	else if (!found && best)
		snprintf(why, size, "%s() is not in its file any more; elsewhere it is another one (%d %% the same)", w.name, best);
	return found == 1;
}

static int find_renamed(struct text *old, struct func *f, struct text *to, struct func **g, char *why, size_t size)
{
	int i, alike, best = 0, second = 0;

	for (i = 0; to && i < to->nr_func; i++) {
		if (has_func(old, to->func[i].name))
			continue;
		alike = func_alike(old, f, to, &to->func[i]);
		if (alike > best) {
			second = best;
			best = alike;
			*g = &to->func[i];
		} else if (alike > second) {
			second = alike;
		}
	}
	if (best >= RENAMED_ALIKE && best - second >= AHEAD)
		return 1;
	if (!*why)
		snprintf(why, size, "there is no %s(), and none that looks like it", interned(f->name));
	return 0;
}

int find_func(struct trees *trees, struct text *old, struct func *f, struct text **to, struct func **g, char *why, size_t size)
{
	int n = has_func(*to, f->name), alike;

	if (n) {
		*g = only_one(*to, f);
		if (!*g) {
			snprintf(why, size, "there are %d functions %s(), under other conditions than in the base", n, interned(f->name));
			return 0;
		}
		alike = func_alike(old, f, *to, *g);
		if (alike < SAME_ALIKE)
			snprintf(why, size, "%s() was rewritten (%d %% the same)", interned(f->name), alike);
		return alike >= SAME_ALIKE;
	}
	return find_moved(trees, old, f, to, g, why, size) || (*to && find_renamed(old, f, *to, g, why, size));
}
