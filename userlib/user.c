// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names of users, of /etc/passwd alone: a tool that ends processes should not
 * wait for a network, and a static program cannot load what that needs.
 */
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

/* By @name, or by @uid if that is NULL. */
static const struct passwd *find_user(const char *name, uid_t uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user;

	if (!file)
		return NULL;
	while ((user = fgetpwent(file))) {
		if (name ? !strcmp(user->pw_name, name) : user->pw_uid == uid)
			break;
	}
	fclose(file);
	return user;
}

long user_id(const char *name)
{
	const struct passwd *user = find_user(name, 0);

	return user ? (long)user->pw_uid : -1;
}

/* The last one is remembered: neighbours are often of the same user. */
const char *user_name(uid_t uid)
{
	static uid_t last = -1;
	static char name[64];
	const struct passwd *user;

	if (uid == last)
		return name;
	user = find_user(NULL, uid);
	if (user)
		snprintf(name, sizeof(name), "%s", user->pw_name);
	else
		snprintf(name, sizeof(name), "%u", uid);
	last = uid;
	return name;
}
