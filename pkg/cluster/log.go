package cluster

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
)

// How much of a log is read, and kept: more would not be shown.
const (
	logLines = 100
	logRead  = 4 << 20
	logKept  = 64 << 10
)

// Log is the end of what a container of a pod wrote, at most 100 lines and 64 KiB of them, as it stands there: it may hold secrets and
// whatever else somebody wrote. An empty namespace is that of the context.
func (c *Cluster) Log(ctx context.Context, namespace, pod, container string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	stream, err := c.paths.Get().AbsPath("/api/v1/namespaces", cmp.Or(namespace, c.namespace), "pods", pod, "log").
		Param("container", container).Param("tailLines", strconv.Itoa(logLines)).Stream(ctx)
	if err != nil {
		if reason := refusal(err); reason != "" {
			return "", fmt.Errorf("reading the log of pod %s: %s", pod, reason)
		}

		return "", fmt.Errorf("reading the log of pod %s: %w", pod, err)
	}
	defer stream.Close()

	data, err := io.ReadAll(io.LimitReader(stream, logRead))
	if err != nil {
		return "", fmt.Errorf("reading the log of pod %s: %w", pod, err)
	}

	return string(data[max(0, len(data)-logKept):]), nil
}
