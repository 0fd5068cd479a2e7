/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mutex.h - mutexes (2.6.16) made of semaphores.
 */
#ifndef LKST_COMPAT_MUTEX_H
#define LKST_COMPAT_MUTEX_H

#include <asm/semaphore.h>

struct mutex {
	struct semaphore sem;
};

#define DEFINE_MUTEX(name)	struct mutex name = { .sem = __SEMAPHORE_INITIALIZER((name).sem, 1) }

static inline void mutex_init(struct mutex *mutex)
{
	sema_init(&mutex->sem, 1);
}

static inline void mutex_lock(struct mutex *mutex)
{
	down(&mutex->sem);
}

static inline void mutex_unlock(struct mutex *mutex)
{
	up(&mutex->sem);
}

#endif
