package server_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/server"
)

// TestReloadThroughTheSymlinksOfAConfigMap changes the file as the kubelet
// does: config.yaml -> ..data/config.yaml, ..data -> a folder with a time, and
// what is swapped is ..data.
func TestReloadThroughTheSymlinksOfAConfigMap(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	project := func(version, schedule string) {
		t.Helper()

		must(t, os.Mkdir(filepath.Join(dir, version), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, version, "config.yaml"), []byte(schedule), 0o600))
		must(t, os.Symlink(version, filepath.Join(dir, "..data_tmp")))
		must(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	}

	project("..2026_01", "0 0 * * *")
	must(t, os.Symlink("..data/config.yaml", file))

	passes := make(chan struct{}, 99)
	w := run(t, server.Setup{}, func(o *server.Options) {
		o.Source = func() ([]byte, error) { return os.ReadFile(file) }
		o.Load = func(context.Context) (server.Setup, error) {
			schedule, err := os.ReadFile(file)

			return server.Setup{
				Schedule: string(schedule), Location: time.FixedZone("here", 3600),
				Pass: func(context.Context) (server.Report, error) { passes <- struct{}{}; return server.Report{}, nil },
			}, err
		}
	})
	poll := func() {
		t.Helper()
		w.sleepers(2)
		w.clock.Advance(10 * time.Second)
	}

	await(t, "the first pass", passes)

	project("..2026_02", "0 * * * *")
	poll()
	await(t, "a pass with the new configuration", passes)
	w.metric(`bot_config_loads_total{result="ok"} 2`)

	project("..2026_03", "every day, please")
	poll()
	w.metric(`bot_config_last_load_successful 0`)

	if log := w.log.String(); !strings.Contains(log, "the changed configuration is not used, the old one stays") || !strings.Contains(log, "every day, please") {
		t.Errorf("log:\n%s", log)
	}

	// The old one is still at work: a pass at the full hour.
	for range 50 {
		w.sleepers(2)
		w.clock.Advance(time.Minute)
	}

	await(t, "a pass on the old schedule", passes)

	// Gone is reported once, and back again is taken up even if unchanged.
	must(t, os.Remove(filepath.Join(dir, "..data")))
	poll()
	w.metric(`bot_config_loads_total{result="failed"} 2`)
	poll()
	poll()
	must(t, os.Symlink("..2026_02", filepath.Join(dir, "..data")))
	poll()
	w.metric(`bot_config_last_load_successful 1`)
	w.metric(`bot_config_loads_total{result="failed"} 2`)

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestRunFailsOnABrokenStart(t *testing.T) {
	t.Parallel()

	fine := server.Setup{Schedule: "0 0 * * *", Pass: func(context.Context) (server.Report, error) { return server.Report{}, nil }}

	for name, c := range map[string]struct {
		change func(*server.Options)
		want   string
	}{
		"configuration": {func(o *server.Options) {
			o.Load = func(context.Context) (server.Setup, error) { return server.Setup{}, errors.New("config.yaml:3: no") }
		}, "config.yaml:3: no"},
		"source": {func(o *server.Options) {
			o.Source = func() ([]byte, error) { return nil, os.ErrNotExist }
		}, "reading the configuration: file does not exist"},
		"schedule": {func(o *server.Options) {
			o.Load = func(context.Context) (server.Setup, error) {
				s := fine
				s.Schedule = "0 0 30 2 *"

				return s, nil
			}
		}, `the schedule "0 0 30 2 *" never comes`},
		"seconds": {func(o *server.Options) {
			o.Load = func(context.Context) (server.Setup, error) {
				s := fine
				s.Schedule = "0 0 0 * * *"

				return s, nil
			}
		}, "reading the schedule"},
		"no pass": {func(o *server.Options) {
			o.Load = func(context.Context) (server.Setup, error) { return server.Setup{Schedule: "0 0 * * *"}, nil }
		}, "Setup.Pass is missing"},
		"address": {func(o *server.Options) { o.Listen = "256.0.0.1:http" }, "listening for health checks and metrics"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := run(t, fine, c.change)
			if err, _ := w.finish(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Run: %v, want %q", err, c.want)
			}
		})
	}
}

func TestANewServerNeedsSomethingToLoad(t *testing.T) {
	t.Parallel()

	if _, err := server.New(server.Options{}); err == nil {
		t.Error("no error")
	}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
