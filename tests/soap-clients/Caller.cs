// Calls the server by the proxy class that `wsdl` made from its WSDL, with the SOAP of .NET Framework, as the Web Connector does.
// A line comes in for each call, an operation and its arguments; a line goes out with the strings that it returned.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Web.Services.Protocols;

static class Caller
{
    static void Main(string[] arguments)
    {
        var service = typeof(Caller).Assembly.GetTypes().Single(type => type.IsSubclassOf(typeof(SoapHttpClientProtocol)));
        var proxy = (SoapHttpClientProtocol)Activator.CreateInstance(service);
        proxy.Url = arguments[0];
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            Console.WriteLine(Call(proxy, line.Split('\t')));
        }
    }

    static string Call(SoapHttpClientProtocol proxy, string[] words)
    {
        var operation = proxy.GetType().GetMethod(words[0]);
        var given = words.Skip(1).Select(word => word.Split(':')).ToDictionary(pair => pair[0], pair => Decoded(pair[1]));
        // What is not given stays away from the call, which the WSDL allows.
        var values = operation.GetParameters().Select(one =>
            given.ContainsKey(one.Name) ? Convert.ChangeType(given[one.Name], one.ParameterType) : null);
        var result = operation.Invoke(proxy, values.ToArray());
        var strings = result as IEnumerable<string> ?? new[] { Convert.ToString(result) };
        return string.Join("\t", strings.Select(Encoded));
    }

    static string Decoded(string word)
    {
        return Encoding.UTF8.GetString(Convert.FromBase64String(word));
    }

    static string Encoded(string text)
    {
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }
}
