// SPDX-License-Identifier: GPL-2.0-only
/*
 * pty.c - runs a command with a terminal of its own as standard input and error, and copies what that shows to standard output.
 *
 * Usage: pty COMMAND [ARGUMENT...]
 * Exit status: the command's.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, status;
	char text[4096];
	ssize_t n;
	pid_t pid;

	if (argc < 2 || master < 0 || grantpt(master) || unlockpt(master))
		return 2;
	pid = fork();
	if (!pid) {
		setsid();
		slave = open(ptsname(master), O_RDWR);
		if (slave < 0 || ioctl(slave, TIOCSCTTY, 0))
			_exit(2);
		close(master);
		dup2(slave, 0);
		dup2(slave, 2);
		close(slave);
		execvp(argv[1], argv + 1);
		_exit(2);
	}
	/* EIO: nobody has the terminal open any more. */
	while ((n = read(master, text, sizeof(text))) > 0)
		if (write(1, text, (size_t)n) != n)
			return 2;
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 2;
	return WEXITSTATUS(status);
}
