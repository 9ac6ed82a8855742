/* The floor of every segment: a program that prints one file and ends. */
#include <fcntl.h>
#include <unistd.h>

int main(int count, char **words)
{
    char block[4096];
    ssize_t size;
    int file = count == 2 ? open(words[1], O_RDONLY) : -1;

    if (file < 0)
        return 1;
    while ((size = read(file, block, sizeof block)) > 0)
        if (write(1, block, (size_t)size) != size)
            return 1;
    return size < 0;
}
