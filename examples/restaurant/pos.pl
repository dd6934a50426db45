#!/usr/bin/env perl
# A restaurant's point of sale, with nothing but the modules that Perl brings along.
#
#   pos.pl preview BILL CARD NAME=AMOUNT...    what the bill would earn; nothing is stored
#   pos.pl settle  BILL CARD NAME=AMOUNT...    the guest has paid
#   pos.pl void    BILL                        the bill was a mistake, all of it
#
# LAUREL_URL is where the daemon is, LAUREL_KEY the restaurant's API key. The key of everything is the
# bill's own number. A bill that is settled again with other dishes is refused by the daemon (409):
# two bills have got one number, and a person must look.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;

my $url  = $ENV{LAUREL_URL} // die "set LAUREL_URL to http://HOST:PORT\n";
my $http = HTTP::Tiny->new(timeout => 10);
my $json = JSON::PP->new->canonical;

# Sends until there is an answer that counts: the same bytes, so the same key.
sub post {
    my ($path, $body) = @_;
    my %headers = ('Content-Type' => 'application/json');
    $headers{Authorization} = "Bearer $ENV{LAUREL_KEY}" if $ENV{LAUREL_KEY};
    my $text = $json->encode($body);
    for my $pause (0.1, 0.2, 0.4, 0.8, 0) {
        my $answer = $http->post($url . $path, { content => $text, headers => \%headers });
        my $status = $answer->{status};
        next_try($pause), next if ($status == 599 || $status == 503 || $status == 429) && $pause;
        die "no answer: $answer->{content}\n" if $status == 599;
        return ($status, $json->decode($answer->{content}));
    }
}

sub next_try { select(undef, undef, undef, shift) }

sub bill {
    my ($number, $card, @dishes) = @_;
    my $line = 0;
    my @lines = map {
        my ($name, $amount) = split /=/, $_, 2;
        { id => '' . ++$line, department => 'restaurant', category => $name, amount => $amount }
    } @dishes;
    return {
        source => 'restaurant', id => $number, kind => 'sale', currency => 'GBP', channel => 'store',
        at => $ENV{BILL_TIME} // die("set BILL_TIME to the time on the bill\n"),
        identifiers => [ { type => 'card', value => $card } ], lines => \@lines,
    };
}

sub earned {
    my ($answer) = @_;
    my $points = 0;
    $points += $_->{earned} for @{ $answer->{points} };
    return $points;
}

sub refuse {
    my ($status, $answer) = @_;
    print "refused ($status): $answer->{code}\n";
    exit 1;
}

my ($command, @rest) = @ARGV;
$command //= '';
if ($command eq 'preview' && @rest >= 3) {
    my ($status, $answer) = post('/v1/quotes', bill(@rest));
    refuse($status, $answer) if $status != 200;
    print 'would earn ', earned($answer), "\n";
} elsif ($command eq 'settle' && @rest >= 3) {
    my ($status, $answer) = post('/v1/transactions', bill(@rest));
    refuse($status, $answer) if $status != 200 && $status != 201;
    print $answer->{replayed} ? 'settled before, earned ' : 'settled, earned ', earned($answer), "\n";
} elsif ($command eq 'void' && @rest == 1) {
    my ($status, $answer) = post('/v1/transactions', {
        source => 'restaurant', id => "$rest[0]/void", kind => 'void',
        original => { source => 'restaurant', id => $rest[0] },
    });
    refuse($status, $answer) if $status != 200 && $status != 201;
    print 'void, took back ', $answer->{reversed}[0]{points}, "\n";
} else {
    print STDERR "pos.pl preview|settle BILL CARD NAME=AMOUNT... | void BILL\n";
    exit 2;
}
