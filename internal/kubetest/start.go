//go:build real

package kubetest

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startTime is how long a program may take until it answers. An API server
// that starts while the machine compiles takes most of a minute.
const startTime = 3 * time.Minute

// program finds a binary in KUBEBUILDER_ASSETS, or where the Makefile puts it.
func program(t testing.TB, name string) string {
	t.Helper()

	dir := os.Getenv("KUBEBUILDER_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatalf("kubetest: set KUBEBUILDER_ASSETS: %v", err)
		}

		dir = filepath.Join(cache, "goingdark-bot", "bin")
	}

	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("kubetest: %v: run `make kube-tools`, or set KUBEBUILDER_ASSETS", err)
	}

	return file
}

// startEtcd starts the store and returns its address.
func startEtcd(t testing.TB, binary, dir string) string {
	t.Helper()

	client, peer := "http://"+freeAddress(t), "http://"+freeAddress(t)

	start(t, exec.Command(binary, "--data-dir", dir, "--listen-client-urls", client, "--advertise-client-urls", client,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer),
		client+"/health")

	return client
}

// startAPIServer starts the API server and returns its address.
func startAPIServer(t testing.TB, binary, dir, store, tokens string) string {
	t.Helper()

	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	key := writeKey(t, dir)

	start(t, exec.Command(binary,
		"--etcd-servers="+store, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port="+port,
		"--cert-dir="+filepath.Join(dir, "certs"), "--token-auth-file="+tokens, "--authorization-mode=RBAC",
		"--service-account-key-file="+key, "--service-account-signing-key-file="+key,
		"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16",
		// So that a namespace's own policy is what judges privileged pods.
		"--allow-privileged=true",
		// It would keep back pods until a controller has made a token for them.
		"--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"),
		"https://"+address+"/readyz")

	return "https://" + address
}

// freeAddress is a free port on loopback.
func freeAddress(t testing.TB) string {
	t.Helper()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	return l.Addr().String()
}

// start runs a program until the test ends, and waits until it answers.
func start(t testing.TB, cmd *exec.Cmd, url string) {
	t.Helper()

	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}

	name := filepath.Base(cmd.Path)
	cmd.Stdout, cmd.Stderr = log, log

	if err := cmd.Start(); err != nil {
		t.Fatalf("kubetest: starting %s: %v", name, err)
	}

	ended := make(chan error, 1)

	go func() { ended <- cmd.Wait() }()

	t.Cleanup(func() { stop(cmd, ended); log.Close() })

	for deadline := time.Now().Add(startTime); !answers(url); {
		select {
		case err := <-ended:
			ended <- err

			t.Fatalf("kubetest: %s ended: %v\n%s", name, err, tail(log.Name()))
		case <-time.After(100 * time.Millisecond):
		}

		if time.Now().After(deadline) {
			t.Fatalf("kubetest: %s does not answer at %s\n%s", name, url, tail(log.Name()))
		}
	}
}

func stop(cmd *exec.Cmd, ended chan error) {
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself

	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		<-ended
	}
}

// answers asks before the test knows the certificate: nothing is believed but
// that somebody is there.
func answers(url string) bool {
	client := http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}

	resp, err := client.Get(url)
	if err != nil {
		return false
	}
	defer resp.Body.Close()

	return resp.StatusCode == http.StatusOK
}

// tail is the end of a log, for the error of a test.
func tail(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Sprint(err)
	}

	lines := strings.Split(strings.TrimSpace(string(data)), "\n")

	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
