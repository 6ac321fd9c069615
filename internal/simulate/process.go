package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/goingdark-social/bot/internal/fleetworld"
)

// process is the program at work.
type process struct {
	cmd   *exec.Cmd
	ended chan pass // each pass as it ends
}

// pass is a line of the program's log: how a pass went.
type pass struct {
	Message string        `json:"msg"`
	Took    time.Duration `json:"took"`
	Opened  int           `json:"opened"`
	Error   string        `json:"error"`
}

// start runs the service with a pass every minute.
func start(ctx context.Context, bot, dir string, w *fleetworld.World) (*process, error) {
	config := filepath.Join(dir, "operator.yaml")
	settings := fmt.Sprintf("schedule: \"* * * * *\"\ncache: %s\nserver: {listen: \"127.0.0.1:0\"}\n", filepath.Join(dir, "cache"))

	if err := os.WriteFile(config, []byte(w.Operator(settings)), 0o600); err != nil {
		return nil, err
	}

	p := &process{ended: make(chan pass, 100)}
	p.cmd = exec.CommandContext(ctx, bot, "serve", "--config", config, "--log-format", "json", "--jitter", "0")
	p.cmd.Env = environment(dir)

	logs, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}

	if err := p.cmd.Start(); err != nil {
		return nil, err
	}

	go p.read(logs)

	return p, nil
}

// environment has no way out: whoever is not on loopback is behind a proxy that
// does not answer.
func environment(dir string) []string {
	return []string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "GITHUB_TOKEN=" + fleetworld.Token,
		"HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9",
	}
}

// read tells of the passes that end.
func (p *process) read(logs io.Reader) {
	defer close(p.ended)

	lines := bufio.NewScanner(logs)
	lines.Buffer(nil, 4<<20)

	for lines.Scan() {
		var line pass
		if json.Unmarshal(lines.Bytes(), &line) == nil && (line.Message == "pass ended" || line.Message == "pass failed") {
			p.ended <- line
		}
	}
}

var errGone = errors.New("the program ended")

// next waits for the end of the next pass.
func (p *process) next(ctx context.Context) (pass, error) {
	select {
	case one, ok := <-p.ended:
		switch {
		case !ok:
			return one, errGone
		case one.Error != "":
			return one, errors.New(one.Error)
		}

		return one, nil
	case <-ctx.Done():
		return pass{}, ctx.Err()
	}
}

// peak is the most memory that the process has taken since it was asked last.
func (p *process) peak() (int64, error) {
	proc := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)

	status, err := os.ReadFile(proc + "status")
	if err != nil {
		return 0, err
	}

	// 5 forgets the peak: proc(5), clear_refs.
	if err := os.WriteFile(proc+"clear_refs", []byte("5"), 0); err != nil {
		return 0, err
	}

	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)

			return kilobytes << 10, err
		}
	}

	return 0, errors.New("no VmHWM in " + proc + "status")
}

// stop ends the program as a service manager does.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}

	for range p.ended { // until its log ends
	}

	return p.cmd.Wait()
}
