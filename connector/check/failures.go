package check

import (
	"crypto/x509/pkix"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/wire"
)

// failure is the outcome of a check whose request failed.
func (v *validation) failure(err error) Outcome { return v.failureIn(v.first.region, err) }

// failureIn is the outcome of a check whose request to a region failed.
func (v *validation) failureIn(r jumpcloud.Region, err error) Outcome {
	o := outcome(causeOf(err), Facts{"Host": r.Console, "Region": r.ID})
	var e *wire.Error
	if !errors.As(err, &e) {
		return o
	}
	now := v.validator.now()
	for name, value := range map[string]string{"Field": e.Field, "RequestID": e.RequestID, "Owner": e.Owner, "Target": e.Target,
		"Resource": e.Resource, "Setting": e.Setting, "Proxy": e.Proxy, "Flaw": flaws[e.Flaw]} {
		if value != "" {
			o.Facts[name] = printable.Line(value)
		}
	}
	if e.Err != nil {
		o.Facts["Detail"] = e.Err.Error()
	}
	if e.Status != 0 {
		o.Facts["Status"] = strconv.Itoa(e.Status)
	}
	if e.Tries > 0 {
		o.Facts["Tries"] = strconv.Itoa(e.Tries)
	}
	if e.RetryAfter > 0 {
		o.Facts["Seconds"] = strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds())))
		o.Facts["Until"] = until(now.Add(e.RetryAfter))
	}
	if e.Certificate != nil {
		return certificateFailure(o, e, now)
	}
	return o
}

// flaws names the flaws of a proxy's certificate that have words of their own. A certificate with another flaw is called not
// trusted.
var flaws = map[error]string{wire.ErrCertificateName: "name", wire.ErrCertificateForm: "form",
	wire.ErrCertificateTime: "time", wire.ErrCertificateUnreadable: "unreadable"}

// certificateFailure adds the facts about a certificate that was not accepted. If the certificate is not valid yet, this computer's
// clock is behind: nobody issues certificates for the future.
func certificateFailure(o Outcome, e *wire.Error, now time.Time) Outcome {
	c := e.Certificate
	if o.Cause == CauseCertificateExpired && now.Before(c.NotBefore) {
		o = outcome(CauseClockBehind, o.Facts)
		o.Facts["Off"] = c.NotBefore.Sub(now).Round(time.Second).String()
	}
	names := wire.CertificateNames(c)
	o.Facts["Issuer"] = nameOf(c.Issuer)
	o.Facts["Names"] = printable.Line(strings.Join(names[:min(len(names), 3)], ", "))
	o.Facts["Expired"], o.Facts["Now"] = moment(c.NotAfter), moment(now)
	if e.Issuing {
		o.Facts["Issuing"] = nameOf(c.Subject)
	}
	return o
}

// nameOf is the name of a certificate's issuer or owner, short and printable. The texts come from outside.
func nameOf(n pkix.Name) string {
	for _, text := range slices.Concat([]string{n.CommonName}, n.Organization, []string{n.String()}) {
		if line := printable.Line(text); line != "" {
			return line
		}
	}
	return ""
}

// moment writes a time as facts hold it.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// until writes the end of a wait. Facts have whole seconds; it is rounded up, so that nobody asks too early.
func until(t time.Time) string { return moment(t.Add(time.Second - 1)) }

// isAny reports whether an error is of one of these kinds.
func isAny(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
}

// accepts reports whether the answer to the first request says that the key is good.
func accepts(err error) bool {
	return err == nil || isAny(err, jumpcloud.ErrNoOrganizationSelected, errNotListed)
}

// isAboutKey reports whether the answer to the first request comes from JumpCloud and accepts or refuses the key. Any other failure is
// about the way to JumpCloud.
func isAboutKey(err error) bool {
	return accepts(err) || isAny(err, jumpcloud.ErrUnauthorized, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed)
}

// refusesCall reports whether JumpCloud refused a call. The reason may be the call itself, and not the key.
func refusesCall(err error) bool {
	return isAny(err, jumpcloud.ErrUnauthorized, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed,
		jumpcloud.ErrBadRequest) || notOffered(err)
}

// notOffered reports whether the server has no such call.
func notOffered(err error) bool {
	var e *wire.Error
	return errors.As(err, &e) && slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone,
		http.StatusNotImplemented}, e.Status)
}

// webPage reports whether the answer is a page for people, or a redirect to one. Websites answer so at an address that they do not
// know.
func webPage(err error) bool {
	var e *wire.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Status/100 == 3 || e.Status == http.StatusOK && isAny(err, jumpcloud.ErrNotJumpCloud, wire.ErrSignIn)
}

// notTold reports whether JumpCloud answered, but not the question. This may happen with a call that is not in its contract.
func notTold(err error) bool {
	return refusesCall(err) || webPage(err) || isAny(err, jumpcloud.ErrNotLicensed, wire.ErrStatus, wire.ErrContract)
}
