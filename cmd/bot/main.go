// Command bot keeps a Mastodon GitOps repository in step with its images, its
// notes and its cluster. See internal/cli for what it can do.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/goingdark-social/bot/internal/cli"
)

func main() {
	collectLater()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, cli.FromOS())

	stop()
	os.Exit(code)
}
