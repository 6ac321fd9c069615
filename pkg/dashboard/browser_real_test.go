//go:build real

package dashboard_test

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browser is a headless Chromium with one tab.
type browser struct {
	ctx     context.Context
	console func() (chromedp.ConsoleMessage, error, bool)
}

func chromium(t *testing.T) *browser {
	t.Helper()

	path := os.Getenv("BOT_TEST_CHROMIUM")
	if path == "" {
		t.Fatal("BOT_TEST_CHROMIUM is not set: make test-real knows where it is")
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))

	allocated, release := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(release)

	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)

	b := &browser{ctx: ctx}

	var stop func()

	b.console, stop = iter.Pull2(chromedp.Console(ctx))
	t.Cleanup(stop)

	return b
}

// heard is what the console said since it was asked last.
func (b *browser) heard(t *testing.T) []string {
	t.Helper()

	const end = "that is all"

	value[chromedp.Void](t, b, `console.debug("`+end+`")`)

	var said []string

	for {
		m, err, ok := b.console()
		if err != nil || !ok {
			t.Fatalf("the console ended: %v", err)
		}

		if m.Text == end {
			return said
		}

		said = append(said, m.String()+" "+m.URL)
	}
}

// value is what a script comes to.
func value[T any](t *testing.T, b *browser, script string) T {
	t.Helper()

	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}

	return v
}

// look opens a page in a colour scheme on a screen of a width.
func (b *browser) look(t *testing.T, url, scheme string, width int64) {
	t.Helper()

	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	phone := func(p *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
		p.Mobile = width < 600
	}

	err := chromedp.Do(b.ctx,
		chromedp.EmulateViewport(width, 900, phone),
		chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
			_, err := cdp.Call(ctx, to, emulation.SetEmulatedMedia, media)

			return err
		}),
		chromedp.Navigate(url), chromedp.WaitReady("main"),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// picture keeps the page as a file: the whole of it, or its first pixels.
func (b *browser) picture(t *testing.T, name string, most float64) {
	t.Helper()

	size := value[[]float64](t, b, `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`)
	if most > 0 {
		size[1] = min(size[1], most)
	}

	beyond := true
	params := page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond, Clip: &page.Viewport{Width: size[0], Height: size[1], Scale: 1.5}}

	shot, err := chromedp.Run(b.ctx, func(ctx context.Context, to *chromedp.Target) (page.CaptureScreenshotResult, error) {
		return cdp.Call(ctx, to, page.CaptureScreenshot, params)
	})
	if err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(filepath.Join(pictures(t), name+".png"), shot.Data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pictures is where they go: docs/img when they are made anew.
func pictures(t *testing.T) string {
	t.Helper()

	if dir := os.Getenv("BOT_PICTURES"); dir != "" {
		return dir
	}

	return t.TempDir()
}
