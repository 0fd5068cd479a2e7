/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reanchor.h - finding the places of hooks again in another kernel tree. The rules and their reasons are in doc/porting.md.
 *
 *	source.c	a file as tokens: comments, strings, directives told apart
 *	units.c		tokens as statements, with the conditions they stand under, and as functions
 *	edits.c		what a patch adds to a file, as insertions between tokens
 *	place.c		the rules: where an edit belongs in the other tree, or why nowhere
 *	verdict.c	what is said of an edit: its place, or the reason why it has none
 *	together.c	which edits have a place only together
 *	find.c		functions and names in a whole tree
 *	render.c	the file with the edits in it
 *	reanchor.c	the program: patch by patch, verdicts, the new files
 */
#ifndef LKST_REANCHOR_H
#define LKST_REANCHOR_H

/* ---- source.c ---- */

enum token_kind { T_IDENT, T_NUMBER, T_STRING, T_PUNCT, T_DIRECTIVE, T_END_DIRECTIVE, T_LINE };

struct token {
	int start, end;		/* in the text */
	int line;		/* from 0 */
	int id;			/* the same for the same words, see intern() */
	enum token_kind kind;
};

enum text_mode { MODE_C, MODE_ASM, MODE_KCONFIG, MODE_MAKE };

struct unit;
struct func;

struct text {
	char *path, *s;
	int len;
	enum text_mode mode;
	struct token *tok;
	int nr_tok;
	int *line_start, nr_lines;
	int *orig;		/* of each line: its number in the user's tree, from 1 */
	char *added;		/* of each line: by the patch that made this text; NULL: none */
	struct unit *top;	/* units.c: what stands at the top level, in order */
	int nr_top;
	struct func *func;
	int nr_func;
};

/**
 * intern - a number for a string, the same for the same string
 * @s: not terminated
 * @len: its length
 */
int intern(const char *s, int len);
int intern_s(const char *s);
const char *interned(int id);

/**
 * text_new - a text with tokens, units and functions
 * @path: relative to the tree's top
 * @s: contents, which become the text's
 * @orig: numbers of its lines in the user's tree, NULL: 1, 2, 3...; copied
 */
struct text *text_new(const char *path, char *s, int len, const int *orig);
void text_free(struct text *t);

/**
 * text_read - read a file of a tree
 *
 * Return: the text, NULL when there is no such file.
 */
struct text *text_read(const char *tree, const char *path);
char *slurp(const char *file, int *len);

/* ---- units.c ---- */

enum unit_kind { U_STATEMENT, U_HEAD, U_OPEN, U_CLOSE, U_LABEL, U_DIRECTIVE, U_FUNC, U_LINE };

struct unit {
	int first, last;	/* tokens */
	int id;			/* its words */
	int path;		/* the heads and preprocessor conditions it stands under, interned */
	enum unit_kind kind;
	int hook;		/* a hook's statement: not looked at when units are compared */
	int bare;		/* the only statement of a head without braces */
};

struct func {
	int name;		/* interned */
	int first, open, close;	/* tokens: of the unit it begins with, and its braces */
	int path;		/* preprocessor conditions around it */
	struct unit *unit;
	int nr;
};

void text_units(struct text *t);
int func_at(const struct text *t, int tok);
int token_is(const struct text *t, int tok, const char *s);
int match_paren(const struct text *t, int tok);

/* Is the unit a declaration of local variables? */
int unit_declares(const struct text *t, const struct unit *u);

int is_parameter(const struct text *t, const struct func *f, int name);

/* The declared type of a parameter or local variable of a function, interned; 0: it has none of that name. */
int local_type(const struct text *t, const struct func *f, int name);

/* Does the unit mention, does it set the variable? 2: it may, by its address. */
int unit_mentions(const struct text *t, const struct unit *u, int name);
int unit_sets(const struct text *t, const struct unit *u, int name);

/* Does it leave the straight way: return, goto, break, continue? 2: return */
int unit_transfers(const struct text *t, const struct unit *u);

/* ---- edits.c ---- */

#define MAX_INSERTS	8
#define MAX_NAMES	24

struct insert {
	int gap;		/* before this token of the old text */
	int first, last;	/* tokens of the new text */
};

enum verdict { V_CLEAN, V_OFFSET, V_FUZZ, V_THREE_WAY, V_ALREADY, V_CONFLICT };

struct edit {
	struct insert in[MAX_INSERTS];
	int nr_in;
	int event[MAX_NAMES], nr_events;	/* interned names of the hooks in it */
	int helper[MAX_NAMES], nr_helpers;	/* lkst_...: made or used */
	int ident[MAX_NAMES * 4], nr_idents;	/* what its arguments name */
	int is_include;
	int takes_away;		/* lines go: nothing for a machine to carry over */
	/* place.c */
	struct func *func;	/* where it stands in the base, NULL: top level */
	struct text *to;
	struct func *to_func;
	int at[MAX_INSERTS];	/* before these tokens of to, -1 */
	int behind[MAX_INSERTS];	/* belongs to the token before rather than to the one after */
	enum verdict verdict;
	int line;		/* in the user's tree */
	char why[300];
};

struct hunk_line { char op; const char *s; int len; };

struct patch_file {
	char *path;
	int is_new;
	struct hunk_line *line;
	int *old_line;		/* of each: its line in the old file, from 0 */
	int nr;
};

struct patch {
	char *name, *letter;
	int letter_len;
	struct patch_file *file;
	int nr_files;
};

struct patch *patch_read(const char *dir, const char *name);

/**
 * patch_apply - the file as it is with the patch
 * @old: NULL for a new file
 *
 * Return: the text; NULL when a line of the patch is not in @old where it says.
 */
struct text *patch_apply(const struct patch_file *pf, const struct text *old);

/**
 * edits_find - what the patch adds to a file
 * @count: set to how many edits there are
 */
struct edit *edits_find(const struct patch_file *pf, struct text *old, struct text *new, int *count);

/* ---- place.c ---- */

struct trees {
	const char *base, *tree;
	struct text **text;	/* of tree, as far as it was looked at, with what was placed */
	int nr;
};

/* A file of the tree, as it is by now; NULL: there is none. */
struct text *tree_text(struct trees *trees, const char *path);

/**
 * place_edits - find the places of a file's edits: fills to, at, verdict, line, why of each
 */
void place_edits(struct trees *trees, struct text *old, struct text *new, struct edit *e, int count);

/**
 * place_helpers - a macro of the series' own is carried over with all of its uses or not at all
 */
void place_helpers(struct edit **all, int *counts, int files);


/* ---- render.c ---- */

/**
 * render - the text of the tree with the edits that have a place in it
 * @new: the base with the patch, which the inserted words come from
 *
 * Return: a new text, with its lines' numbers in the user's tree; NULL when no edit goes there.
 */
struct text *render(struct text *to, struct text *old, struct text *new, struct edit *e, int count);

/**
 * render_include - the text with #include <linux/lkst.h> among its includes
 * @old: the base, in which it goes before token @gap: beside the same include, if that is there; NULL: anywhere
 * @line: that line as the patch writes it, @len bytes with its end
 *
 * Return: a new text; NULL when it has that line, or no include of linux/ to put it behind.
 */
struct text *render_include(struct text *to, struct text *old, int gap, const char *line, int len);

#endif
