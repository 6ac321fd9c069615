package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/server"
)

// door is a server with a webhook, whose passes a test holds and sees.
type door struct {
	*world

	begun chan []string // what each pass is over; nil: all
	hold  chan struct{} // a pass ends when something comes
}

// door reads the repository from a header; "no" is refused.
func newDoor(t *testing.T) *door {
	t.Helper()

	d := &door{begun: make(chan []string, 100), hold: make(chan struct{})}

	pass := func(ctx context.Context, over []string) (server.Report, error) {
		d.begun <- over

		select {
		case <-d.hold:
		case <-ctx.Done():
		}

		return server.Report{}, nil
	}

	d.world = run(t, server.Setup{
		Schedule: "0 * * * *",
		Pass:     func(ctx context.Context) (server.Report, error) { return pass(ctx, nil) },
		PassOver: pass,
		Webhook: func(r *http.Request) (server.Knock, error) {
			if _, err := io.ReadAll(r.Body); err != nil {
				return server.Knock{}, fmt.Errorf("reading: %w", err)
			}

			if r.Header.Get("X-Repository") == "no" {
				return server.Knock{}, &server.HookError{Status: http.StatusUnauthorized, Reason: "its signature is wrong"}
			}

			return server.Knock{ID: r.Header.Get("X-Id"), Repository: r.Header.Get("X-Repository")}, nil
		},
	})

	return d
}

func (d *door) knock(id, repository string, body io.Reader) int {
	d.t.Helper()

	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.base+"/webhook", body)
	if err != nil {
		d.t.Fatal(err)
	}

	req.Header.Set("X-Id", id)
	req.Header.Set("X-Repository", repository)

	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}

	resp.Body.Close()

	return resp.StatusCode
}

// next is what the next pass is over.
func (d *door) next() []string {
	d.t.Helper()

	select {
	case over := <-d.begun:
		return over
	case <-time.After(patience):
		d.t.Fatal("no pass began")

		return nil
	}
}

func TestTenPushesAreOnePass(t *testing.T) {
	t.Parallel()

	d := newDoor(t)
	d.next() // the first one, which goes on

	for i := range 10 {
		if status := d.knock(fmt.Sprint(i), "example/gitops", nil); status != http.StatusAccepted {
			t.Fatalf("knock %d: %d", i, status)
		}
	}

	d.knock("other", "example/other", nil)

	d.hold <- struct{}{}

	if over := d.next(); !slices.Equal(over, []string{"example/gitops", "example/other"}) {
		t.Errorf("a pass over %v", over)
	}

	d.hold <- struct{}{}

	// No other is begun: what is asked for now is the very next.
	d.knock("last", "example/gitops", nil)

	if over := d.next(); !slices.Equal(over, []string{"example/gitops"}) {
		t.Errorf("a pass over %v", over)
	}
}

func TestAWholePassTakesInWhatWasAskedFor(t *testing.T) {
	t.Parallel()

	d := newDoor(t)
	d.next()
	d.knock("1", "example/gitops", nil)
	d.server.Trigger()

	d.hold <- struct{}{}

	if over := d.next(); over != nil {
		t.Errorf("a pass over %v", over)
	}
}

func TestAWebhookIsAnsweredWhileAPassGoesOn(t *testing.T) {
	t.Parallel()

	d := newDoor(t)
	d.next() // it hangs until the end of the test

	client := &http.Client{Timeout: time.Second}
	defer client.CloseIdleConnections()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.base+"/webhook", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}

	req.Header.Set("X-Id", "1")
	req.Header.Set("X-Repository", "example/gitops")

	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}

	resp.Body.Close()
}

func TestBadWebhooks(t *testing.T) {
	t.Parallel()

	d := newDoor(t)
	d.next()

	for name, c := range map[string]struct {
		id, repository string
		body           io.Reader
		status         int
	}{
		"forged":         {"1", "no", nil, http.StatusUnauthorized},
		"without an id":  {"", "example/gitops", nil, http.StatusConflict},
		"oversized":      {"2", "example/gitops", strings.NewReader(strings.Repeat("x", 6<<20)), http.StatusRequestEntityTooLarge},
		"of no interest": {"3", "", nil, http.StatusAccepted},
	} {
		if status := d.knock(c.id, c.repository, c.body); status != c.status {
			t.Errorf("%s: %d", name, status)
		}
	}

	if first, again := d.knock("4", "", nil), d.knock("4", "example/gitops", nil); first != http.StatusAccepted || again != http.StatusConflict {
		t.Errorf("the same delivery: %d, then %d", first, again)
	}

	resp, err := http.Get(d.base + "/webhook")
	if err != nil {
		t.Fatal(err)
	}

	resp.Body.Close()

	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", resp.StatusCode)
	}

	// None of them made a pass.
	d.hold <- struct{}{}
	d.knock("5", "example/last", nil)

	if over := d.next(); !slices.Equal(over, []string{"example/last"}) {
		t.Errorf("a pass over %v", over)
	}
}

func TestWithoutASecretNoWebhookIsTaken(t *testing.T) {
	t.Parallel()

	w := run(t, server.Setup{Schedule: "0 * * * *", Pass: func(context.Context) (server.Report, error) { return server.Report{}, nil }})
	d := &door{world: w}

	if status := d.knock("1", "example/gitops", nil); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

// TestManySlowSendersKeepNobodyOut: who sends slowly is waited for, but no
// more than a few at a time.
func TestManySlowSendersKeepNobodyOut(t *testing.T) {
	t.Parallel()

	d := newDoor(t)
	d.next()

	address := strings.TrimPrefix(d.base, "http://")
	head := "POST /webhook HTTP/1.1\r\nHost: " + address + "\r\nX-Id: slow\r\nX-Repository: example/gitops\r\nContent-Length: 10\r\n\r\n"

	var (
		group sync.WaitGroup
		conns []net.Conn
	)

	slow := func() {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}

		conns = append(conns, conn)

		if _, err := io.WriteString(conn, head); err != nil {
			t.Fatal(err)
		}
	}

	// One too many is refused at once. When each is being read is not known here,
	// and one may itself have been refused for the sake of a knock: so there is
	// one more for each knock that was not.
	for range 8 {
		slow()
	}

	for d.knock("", "", nil) != http.StatusServiceUnavailable {
		if len(conns) > 1000 {
			t.Fatalf("%d send slowly and nobody is refused", len(conns))
		}

		slow()
	}

	for _, conn := range conns {
		group.Go(func() { conn.Close() })
	}

	group.Wait()

	for d.knock("after", "", nil) == http.StatusServiceUnavailable {
		if t.Context().Err() != nil {
			t.Fatal("it never came back")
		}
	}
}
